package io.countersign.local.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A service of the sample manifests.
///
/// @param number of its address: the same whatever else is started
/// @param workloads behind it
public record SampleService(String namespace, String name, int number, List<SampleWorkload> workloads) {

    /// The services of all workloads that are started.
    public static List<SampleService> of(MeshOptions options) {
        var services = new ArrayList<SampleService>();
        var ids = Stream.of(SampleSet.values())
                .flatMap(set -> set.workloads().stream())
                .filter(SampleWorkload::serves)
                .map(SampleWorkload::serviceId)
                .distinct()
                .toList();
        for (String id : ids) {
            var workloads = options.workloads().stream()
                    .filter(workload ->
                            workload.serves() && workload.serviceId().equals(id))
                    .toList();
            if (!workloads.isEmpty()) {
                var first = workloads.getFirst();
                services.add(new SampleService(first.namespace(), first.service(), ids.indexOf(id) + 1, workloads));
            }
        }
        return services;
    }

    /// `NAME.NAMESPACE`.
    public String id() {
        return name + "." + namespace;
    }

    int port() {
        return workloads.getFirst().program().port();
    }
}
