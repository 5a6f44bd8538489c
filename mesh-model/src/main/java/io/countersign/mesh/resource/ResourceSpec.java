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
    /// @param addresses that stand for the whole service; none for a headless one
    record ServiceSpec(SortedMap<String, String> selector, List<String> addresses, List<ServicePort> ports)
            implements ResourceSpec {
        public ServiceSpec {
            addresses = List.copyOf(addresses);
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

    /// PeerAuthentication of `security.istio.io`.
    ///
    /// @param selector empty for a whole namespace, or for the mesh in the root namespace
    /// @param mode empty inherits from the next wider scope
    /// @param ports modes of the workload's own ports; one that inherits is not listed
    record PeerAuthenticationSpec(
            SortedMap<String, String> selector, Optional<MtlsMode> mode, SortedMap<Integer, MtlsMode> ports)
            implements ResourceSpec {
        /// Whether this is for a workload, by its labels, and not for all of a scope.
        public boolean selects(SortedMap<String, String> labels) {
            return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
        }
    }

    /// DestinationRule of `networking.istio.io`, as far as it says how clients speak TLS.
    ///
    /// @param host a fully qualified name, `*.suffix` or `*`; a short name was completed with the rule's namespace
    /// @param exportTo namespaces whose clients see the rule, `.` for its own, `*` for all; empty for all
    /// @param workloadSelector labels of the clients that it is for; empty for all of them
    /// @param traffic empty when the rule has no traffic policy
    record DestinationRuleSpec(
            String host,
            List<String> exportTo,
            SortedMap<String, String> workloadSelector,
            Optional<TrafficTls> traffic,
            SortedMap<String, Subset> subsets)
            implements ResourceSpec {
        public DestinationRuleSpec {
            exportTo = List.copyOf(exportTo);
        }
    }

    /// Some of a service's workloads.
    record Subset(SortedMap<String, String> labels, Optional<TrafficTls> traffic) {}

    /// The TLS of a traffic policy. A port's settings replace those of the destination as a whole, so that a port
    /// without TLS settings of its own has none.
    ///
    /// @param tls empty when the policy has no `tls` block: clients then do what is right for each endpoint
    /// @param ports by the service's port
    record TrafficTls(Optional<ClientTls> tls, SortedMap<Integer, Optional<ClientTls>> ports) {
        /// What holds for a port of the service.
        public Optional<ClientTls> forPort(int port) {
            return ports.getOrDefault(port, tls);
        }
    }

    /// How a client speaks to a server.
    ///
    /// @param clientCertificate PEM file of the client's chain; only MUTUAL has one
    /// @param privateKey PEM file of its key
    /// @param caCertificates PEM file of the authorities to trust; the system's when empty
    /// @param subjectAltNames of which the server must have one; empty leaves it to the mode
    /// @param sni the name to send; empty sends the service's host
    /// @param insecureSkipVerify the server's certificate is not looked at
    record ClientTls(
            TlsMode mode,
            Optional<String> clientCertificate,
            Optional<String> privateKey,
            Optional<String> caCertificates,
            List<String> subjectAltNames,
            Optional<String> sni,
            boolean insecureSkipVerify) {
        public ClientTls {
            subjectAltNames = List.copyOf(subjectAltNames);
        }
    }

    /// The modes of a client's TLS, in Istio's words.
    enum TlsMode {
        /// Plaintext.
        DISABLE,
        /// TLS without a certificate of the client's own.
        SIMPLE,
        /// TLS with a certificate from a file.
        MUTUAL,
        /// TLS with the workload's own identity.
        ISTIO_MUTUAL
    }
}
