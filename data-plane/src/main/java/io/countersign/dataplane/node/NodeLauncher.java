package io.countersign.dataplane.node;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The `main` of every kind of node: one argument, the configuration file. Ends with 0 after SIGTERM or a request to
/// quit, with 1 when the
/// node cannot start and with 2 when its configuration cannot be used.
public final class NodeLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLauncher.class);
    private static final int CANNOT_START = 1;
    private static final int WRONG_CONFIG = 2;

    private NodeLauncher() {}

    /// Runs a node until the process is asked to end.
    ///
    /// @param settingsOf validates the configuration; throws [ConfigRefused] when it cannot be used
    /// @param plan makes the node's listeners out of its configuration
    public static <C extends CommonConfig> void run(
            String[] arguments,
            Class<C> mapping,
            Function<C, NodeSettings> settingsOf,
            Function<C, ListenerPlan> plan) {
        try {
            if (arguments.length != 1) {
                throw new ConfigRefused("arguments: " + arguments.length + " (expected: one, the configuration file)");
            }
            var config = ConfigFile.read(Path.of(arguments[0]), mapping);
            var settings = settingsOf.apply(config);
            var listeners = plan.apply(config);
            LOG.atInfo().addKeyValue("settings", settings).log("node starts");
            var running = new AtomicReference<@Nullable Node>();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(running.get())));
            var node = Node.start(settings, listeners);
            running.set(node);
            var _ = node.quitRequested().thenAccept(NodeLauncher::quit);
        } catch (ConfigRefused e) {
            LOG.atError().log(e.getMessage());
            Runtime.getRuntime().halt(WRONG_CONFIG);
        } catch (RuntimeException e) {
            // The event loops would keep a process alive that serves nothing.
            LOG.atError().setCause(e).log("node cannot start");
            Runtime.getRuntime().halt(CANNOT_START);
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(CANNOT_START);
        }
    }

    private static void quit(String reason) {
        LOG.atInfo().addKeyValue("reason", reason).log("node ends");
        // The hook drains, and must not be waited for by an event loop.
        Thread.ofPlatform().start(() -> Runtime.getRuntime().exit(0));
    }

    /// The JVM would end with 143 after a SIGTERM; a node that drained has ended well.
    private static void stop(@Nullable Node node) {
        if (node != null) {
            node.close();
        }
        Runtime.getRuntime().halt(0);
    }
}
