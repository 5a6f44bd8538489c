package io.countersign.local.plan;

import java.util.List;

/// A workload of the sample manifests.
///
/// @param account the service account whose identity it has
/// @param host the last two numbers of its address
/// @param meshed whether a proxy stands before it
public record SampleWorkload(
        String namespace, String name, String account, String host, Program program, boolean meshed) {

    /// What runs in it.
    ///
    /// @param main a class of samples, or a script in `samples/servers`, which is given an address, a port and the
    ///     arguments; empty for `sleep`
    /// @param port at which clients ask for it; 0 for none
    record Program(String main, int port, List<String> arguments) {
        static final Program SLEEP = new Program("", 0, List.of());
        static final Program HTTPBIN = new Program("Httpbin", 8000, List.of());

        static final Program HTTPS = new Program("https.sh", 443, List.of());
        static final Program ECHO = new Program("Echo", 9000, List.of());
        static final Program GREETER = new Program("Echo", 9025, List.of("220 greeter ready"));

        boolean isScript() {
            return main.endsWith(".sh");
        }

        static Program bookinfo(String role) {
            return new Program("Bookinfo", 9080, List.of(role));
        }
    }

    private static final int BEHIND_PROXY = 10_000;

    /// `NAME.NAMESPACE`, as people address it and as its node is called.
    public String id() {
        return name + "." + namespace;
    }

    public String spiffeId() {
        return "spiffe://cluster.local/ns/" + namespace + "/sa/" + account;
    }

    /// Whether others can ask it something.
    public boolean serves() {
        return program.port() > 0;
    }

    /// The name of the service that it is behind: the manifests put a version after it, or what is special.
    String service() {
        return name.replaceFirst("-(v[0-9]+|nosidecar)$", "");
    }

    /// The service's `NAME.NAMESPACE`.
    String serviceId() {
        return service() + "." + namespace;
    }

    /// Where the program itself listens. In a pod that is where clients ask for it; elsewhere its proxy, if any, has
    /// that port.
    int programPort(boolean pod) {
        return meshed && !pod ? program.port() + BEHIND_PROXY : program.port();
    }

    /// The name of its proxy's process.
    public String proxyPart() {
        return id() + "-proxy";
    }
}
