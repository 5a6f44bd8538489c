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
    public enum Program {
        HTTPBIN,
        SLEEP
    }

    /// The workloads of `samples/manifests`.
    public static final List<SampleWorkload> ALL = List.of(
            new SampleWorkload("full", "sleep", "sleep", "1.1", Program.SLEEP, true),
            new SampleWorkload("full", "httpbin", "httpbin", "1.2", Program.HTTPBIN, true),
            new SampleWorkload("partial", "httpbin", "httpbin", "2.1", Program.HTTPBIN, true),
            new SampleWorkload("partial", "httpbin-nosidecar", "httpbin", "2.2", Program.HTTPBIN, false),
            new SampleWorkload("legacy", "sleep", "sleep", "3.1", Program.SLEEP, false),
            new SampleWorkload("legacy", "httpbin", "httpbin", "3.2", Program.HTTPBIN, false));

    /// `NAME.NAMESPACE`, as people address it and as its node is called.
    public String id() {
        return name + "." + namespace;
    }

    public String spiffeId() {
        return "spiffe://cluster.local/ns/" + namespace + "/sa/" + account;
    }

    /// Whether others can ask it something.
    boolean serves() {
        return program == Program.HTTPBIN;
    }

    /// The name of its proxy's process.
    public String proxyPart() {
        return id() + "-proxy";
    }
}
