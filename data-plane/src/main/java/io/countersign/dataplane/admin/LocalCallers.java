package io.countersign.dataplane.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may ask on the admin address, which everybody on the machine reaches, and a browser for whatever page it shows.
/// Pages are for everybody there, commands for the node's own user and root.
final class LocalCallers {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCallers.class);
    private static final Pattern HERE =
            Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);
    private static final int ROOT = 0;

    private LocalCallers() {}

    /// What a caller is told who may not ask that; empty for one who may.
    static Optional<Page> refusal(Asked asked) {
        // Another site's name may lead here, and then its pages read what we answer.
        if (!asked.host().map(HERE.asMatchPredicate()::test).orElse(true)) {
            return refused("Host (expected: localhost or a loopback address)");
        }
        // No page of ours asks for anything, so that it is another's.
        if (asked.fromPage()) {
            return refused("Origin (expected: none, browsers have nothing to ask here)");
        }
        return asked.method().equals(HttpMethod.GET) || mayCommand(asked)
                ? Optional.empty()
                : refused("caller (expected: the node's own user, or root)");
    }

    private static boolean mayCommand(Asked asked) {
        try {
            var caller = ConnectionTable.end(asked.client(), asked.server());
            // Whoever makes this node connect to itself is not its user.
            return caller.isPresent()
                    && isOurUser(caller.get().uid())
                    && !isHeldHere(caller.get().inode());
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("who asks on the admin address cannot be seen");
            return false;
        }
    }

    private static boolean isOurUser(int uid) throws IOException {
        return uid == ROOT
                || Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(uid);
    }

    /// Whether the socket is one of this process.
    private static boolean isHeldHere(String inode) throws IOException {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (var descriptor : descriptors) {
                if (target(descriptor).equals("socket:[" + inode + "]")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed since the folder was listed.
            return "";
        }
    }

    private static Optional<Page> refused(String why) {
        return Optional.of(Page.text(HttpResponseStatus.FORBIDDEN, why + "\n"));
    }
}
