package io.countersign.dataplane.node;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// How a node is watched and kept running.
///
/// @param admin pages and commands, for people on the same machine
/// @param health whether the node is ready
/// @param metrics for Prometheus
/// @param stateDirectory where the last good config is kept
/// @param endsWithPid the process with which the node ends
/// @param leavesWhenStopped whether it is gone for the mesh when it has stopped in good order
public record Operations(
        InetSocketAddress admin,
        InetSocketAddress health,
        Optional<InetSocketAddress> metrics,
        boolean accessLog,
        Optional<Path> stateDirectory,
        Optional<Long> endsWithPid,
        boolean leavesWhenStopped) {
    public Operations {
        // Its commands stop the node, and nobody has to prove who they are.
        if (!admin.getAddress().isLoopbackAddress()) {
            throw new ConfigRefused("countersign.node.admin.address: " + admin + " (expected: a loopback address)");
        }
        if (endsWithPid.filter(pid -> pid <= 0).isPresent()) {
            throw new ConfigRefused("countersign.node.ends-with-pid: " + endsWithPid.get() + " (expected: > 0)");
        }
    }
}
