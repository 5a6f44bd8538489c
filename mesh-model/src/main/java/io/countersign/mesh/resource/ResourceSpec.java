package io.countersign.mesh.resource;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What a resource asks for, typed and whole: a spec that exists is valid.
public sealed interface ResourceSpec {
    /// A namespace asks for nothing by itself.
    record NamespaceSpec() implements ResourceSpec {}

    /// A named group of workloads and its ports.
    ///
    /// @param selector labels that a workload of the service has; empty selects none
    record ServiceSpec(SortedMap<String, String> selector, List<ServicePort> ports) implements ResourceSpec {
        public ServiceSpec {
            ports = List.copyOf(ports);
        }
    }

    /// One port of a service.
    ///
    /// @param name empty when the port has none
    /// @param target the workload's port
    /// @param protocol the declared protocol in lower case, from `appProtocol` or the name's prefix, or empty
    record ServicePort(String name, int port, TargetPort target, String protocol) {}

    /// A workload's port by number or by name.
    sealed interface TargetPort {
        record Numbered(int number) implements TargetPort {}

        record Named(String name) implements TargetPort {}
    }

    /// A workload that no kubelet started: a process on a machine.
    ///
    /// @param address where the workload is reached
    /// @param ports the workload's ports by name
    /// @param serviceAccount the account whose identity it has
    /// @param proxyDeclared true when the label `security.istio.io/tlsMode: istio` says that it has a proxy
    record WorkloadEntrySpec(
            String address,
            SortedMap<String, Integer> ports,
            SortedMap<String, String> labels,
            String serviceAccount,
            boolean proxyDeclared)
            implements ResourceSpec {}

    /// Policy and MeshPolicy of `authentication.istio.io/v1alpha1`.
    ///
    /// @param targets empty for a whole namespace or mesh
    record AuthenticationPolicySpec(List<PolicyTarget> targets, MtlsMode mode) implements ResourceSpec {
        public AuthenticationPolicySpec {
            targets = List.copyOf(targets);
        }
    }

    /// What a policy is for, when it is not for all.
    ///
    /// @param service the service's short name, in the policy's namespace
    /// @param ports empty for every port of the service
    record PolicyTarget(String service, List<PortSelector> ports) {
        public PolicyTarget {
            ports = List.copyOf(ports);
        }

        boolean selectsAllPorts() {
            return ports.isEmpty();
        }

        /// Whether the target names this port of its service.
        public boolean selects(ServicePort port) {
            return selectsAllPorts()
                    || ports.stream()
                            .anyMatch(selector -> selector.number()
                                            .filter(n -> n == port.port())
                                            .isPresent()
                                    || selector.name()
                                            .filter(port.name()::equals)
                                            .isPresent());
        }
    }

    /// A service's port by number or by name; one of the two is there.
    record PortSelector(Optional<Integer> number, Optional<String> name) {}

    /// Kept and validated, but not in force in this version.
    record NotInForce() implements ResourceSpec {}
}
