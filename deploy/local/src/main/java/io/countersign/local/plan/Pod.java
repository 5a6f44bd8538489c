package io.countersign.local.plan;

import java.util.List;
import java.util.stream.Stream;

/// A network namespace with a workload or the gateway in it.
///
/// @param host the last two numbers of its addresses
/// @param captured whether connections are led to a sidecar
record Pod(String id, String namespace, String host, boolean captured) {

    static List<Pod> of(MeshOptions options) {
        var gateway = new Pod(Configurations.GATEWAY, Configurations.ROOT_NAMESPACE, LocalNetwork.GATEWAY_HOST, false);
        return Stream.concat(
                        options.workloads().stream()
                                .map(each -> new Pod(each.id(), each.namespace(), each.host(), each.meshed())),
                        Stream.of(gateway))
                .toList();
    }
}
