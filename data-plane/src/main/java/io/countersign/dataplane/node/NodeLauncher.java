package io.countersign.dataplane.node;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The `main` of every kind of node: one argument, the configuration file. Ends with 0 after SIGTERM, with 1 when the
/// node cannot start and with 2 when its configuration cannot be used.
public final class NodeLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLauncher.class);
    private static final int CANNOT_START = 1;
    private static final int WRONG_CONFIG = 2;

    private NodeLauncher() {}

    /// Runs a node until the process is asked to end.
    ///
    /// @param plan makes the node's listeners out of its configuration; throws [ConfigRefused] when it cannot
    public static <C extends CommonConfig> void run(
            String[] arguments, Class<C> mapping, Function<C, ListenerPlan> plan) {
        try {
            if (arguments.length != 1) {
                throw new ConfigRefused("arguments: " + arguments.length + " (expected: one, the configuration file)");
            }
            var config = ConfigFile.read(Path.of(arguments[0]), mapping);
            var settings = NodeSettings.of(config);
            var listeners = plan.apply(config);
            LOG.atInfo().addKeyValue("settings", settings).log("node starts");
            var node = Node.start(settings, listeners);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(node)));
        } catch (ConfigRefused e) {
            LOG.atError().log(e.getMessage());
            System.exit(WRONG_CONFIG);
        } catch (UncheckedIOException e) {
            LOG.atError().setCause(e).log("node cannot start");
            System.exit(CANNOT_START);
        } catch (InterruptedException e) {
            System.exit(CANNOT_START);
        }
    }

    /// The JVM would end with 143 after a SIGTERM; a node that drained has ended well.
    private static void stop(Node node) {
        node.close();
        Runtime.getRuntime().halt(0);
    }
}
