package io.countersign.integration.bench.proxy;

import io.countersign.integration.bench.MeasuredProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Where the event loops of warm sidecars spend their time, by async-profiler: shares of samples by category, and
/// the methods that were found at the top most often.
final class NodeProfile {
    private static final String LIBRARY = "/linux-x64/libasyncProfiler.so";
    private static final Duration TIME = Duration.ofSeconds(8);
    private static final int TOP = 12;
    private static final String EVENT_LOOP = "eventloop";

    /// A sample belongs to the first category, from its innermost frame outwards, that has the frame.
    private static final List<Category> CATEGORIES = List.of(
            new Category(
                    "kernel: write",
                    "writev|sendmsg|__x64_sys_write|ksys_write|tcp_sendmsg|sendto|writeAddress|sendAddress"),
            new Category("kernel: read", "__x64_sys_read|ksys_read|recvfrom|tcp_recvmsg|recvAddress|readAddress"),
            new Category("epoll", "epoll|ep_poll|eventfd|timerfd"),
            new Category("TLS: encrypt", "SSL\\.writeToSSL|writePlaintextData"),
            new Category("TLS: decrypt", "SSL\\.readFromSSL|readPlaintextData"),
            new Category("TLS: other native calls", "internal/tcnative|ReferenceCountedOpenSslEngine"),
            new Category("TLS: handler", "SslHandler"),
            new Category("allocator", "netty/buffer/(Adaptive|Pool|Unpooled)"),
            new Category("HTTP: headers", "codec/http/.*Headers|codec/Default(Headers|HttpHeaders)"),
            new Category("HTTP: codec", "codec/http|ByteToMessage|MessageToMessage"),
            new Category("countersign", "io/countersign"),
            new Category("Netty: pipeline, promises, loop", "io/netty|io/vertx"));

    private record Category(String name, Pattern frames) {
        Category(String name, String frames) {
            this(name, Pattern.compile(frames));
        }
    }

    private NodeProfile() {}

    /// Profiles nodes under load, and prints.
    ///
    /// @param load what goes on meanwhile, for so long as it is told
    static void print(Map<String, MeasuredProcess> nodes, Path directory, Consumer<Duration> load)
            throws IOException, InterruptedException {
        var library = directory.resolve("libasyncProfiler.so");
        try (var packed = NodeProfile.class.getResourceAsStream(LIBRARY)) {
            Files.copy(Objects.requireNonNull(packed), library, StandardCopyOption.REPLACE_EXISTING);
        }
        var running = CompletableFuture.runAsync(() -> load.accept(TIME.multipliedBy(2)), Thread::startVirtualThread);
        for (var node : nodes.values()) {
            tell(node, library, "start,event=cpu,interval=1ms,threads,cstack=fp");
        }
        Thread.sleep(TIME);
        for (var node : nodes.entrySet()) {
            var file = directory.resolve("profile-" + node.getValue().pid());
            tell(node.getValue(), library, "stop,collapsed,file=" + file);
            System.out.printf("%n%s's proxy (%s):%n", node.getKey(), file);
            print(Files.readAllLines(file));
        }
        running.join();
    }

    private static void tell(MeasuredProcess node, Path library, String what) {
        JavaTool.jcmd(node.pid(), "JVMTI.agent_load", library.toString(), "\"" + what + "\"");
    }

    private static void print(List<String> stacks) {
        var categories = new HashMap<String, Long>();
        var leaves = new HashMap<String, Long>();
        long all = 0;
        for (var line : stacks) {
            var space = line.lastIndexOf(' ');
            var samples = Long.parseLong(line.substring(space + 1));
            var frames = List.of(line.substring(0, space).split(";", -1));
            if (frames.getFirst().contains(EVENT_LOOP)) {
                all += samples;
                categories.merge(category(frames), samples, Long::sum);
                leaves.merge(frames.getLast(), samples, Long::sum);
            }
        }
        print(categories, all, CATEGORIES.size() + 1);
        System.out.println("  at the top:");
        print(leaves, all, TOP);
    }

    private static String category(List<String> frames) {
        var inwards = new ArrayList<>(frames.subList(1, frames.size()));
        Collections.reverse(inwards);
        return inwards.stream()
                .map(NodeProfile::category)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("other");
    }

    private static Optional<String> category(String frame) {
        return CATEGORIES.stream()
                .filter(each -> each.frames().matcher(frame).find())
                .map(Category::name)
                .findFirst();
    }

    private static void print(Map<String, Long> samples, long all, int most) {
        samples.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(most)
                .forEach(each -> System.out.printf(
                        Locale.ROOT, "  %5.1f %%  %s%n", 100.0 * each.getValue() / all, each.getKey()));
    }
}
