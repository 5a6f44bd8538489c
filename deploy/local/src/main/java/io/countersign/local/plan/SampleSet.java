package io.countersign.local.plan;

import io.countersign.local.plan.SampleWorkload.Program;
import java.util.List;
import java.util.Locale;

/// Samples that are started together, and their files in `samples/manifests`.
public enum SampleSet {
    HTTPBIN(
            "sleep.full/app -- curl -s http://httpbin.full:8000/headers",
            List.of("full.yaml", "partial.yaml", "legacy.yaml"),
            new SampleWorkload("full", "sleep", "sleep", "1.1", Program.SLEEP, true),
            new SampleWorkload("full", "httpbin", "httpbin", "1.2", Program.HTTPBIN, true),
            new SampleWorkload("partial", "httpbin", "httpbin", "2.1", Program.HTTPBIN, true),
            new SampleWorkload("partial", "httpbin-nosidecar", "httpbin", "2.2", Program.HTTPBIN, false),
            new SampleWorkload("legacy", "sleep", "sleep", "3.1", Program.SLEEP, false),
            new SampleWorkload("legacy", "httpbin", "httpbin", "3.2", Program.HTTPBIN, false)),

    DEFAULT(
            "sleep.default/app -- curl -s http://httpbin:8000/headers",
            List.of("default.yaml"),
            new SampleWorkload("default", "sleep", "sleep", "5.1", Program.SLEEP, true),
            new SampleWorkload("default", "httpbin", "default", "5.2", Program.HTTPBIN, true)),

    BOOKINFO(
            "sleep.bookinfo/app -- curl -s http://productpage:9080/productpage",
            List.of("bookinfo.yaml"),
            new SampleWorkload("bookinfo", "sleep", "sleep", "6.1", Program.SLEEP, false),
            bookinfo("productpage-v1", "productpage", "6.2"),
            bookinfo("details-v1", "details", "6.3"),
            bookinfo("ratings-v1", "ratings", "6.4"),
            bookinfo("reviews-v1", "reviews-v1", "6.5"),
            bookinfo("reviews-v2", "reviews-v2", "6.6"),
            bookinfo("reviews-v3", "reviews-v3", "6.7")),

    HTTPS(
            "sleep.https/app -- curl -sk https://my-nginx",
            List.of("https.yaml"),
            new SampleWorkload("https", "sleep", "sleep", "7.1", Program.SLEEP, true),
            new SampleWorkload("https", "my-nginx", "default", "7.2", Program.HTTPS, true),
            new SampleWorkload("https-nosidecar", "my-nginx", "default", "7.3", Program.HTTPS, false)),

    TCP(
            "sleep.tcp/app -- curl -s --max-time 1 telnet://greeter:9025",
            List.of("tcp.yaml"),
            new SampleWorkload("tcp", "sleep", "sleep", "8.1", Program.SLEEP, true),
            new SampleWorkload("tcp", "sleep-nosidecar", "sleep", "8.2", Program.SLEEP, false),
            new SampleWorkload("tcp", "echo", "echo", "8.3", Program.ECHO, true),
            new SampleWorkload("tcp", "greeter", "greeter", "8.4", Program.GREETER, true));

    private final String example;
    private final List<String> manifests;
    private final List<SampleWorkload> workloads;

    SampleSet(String example, List<String> manifests, SampleWorkload... workloads) {
        this.example = example;
        this.manifests = manifests;
        this.workloads = List.of(workloads);
    }

    /// What to try with `./dev exec`.
    public String example() {
        return example;
    }

    public List<String> manifests() {
        return manifests;
    }

    public List<SampleWorkload> workloads() {
        return workloads;
    }

    /// Whether its clients cannot do without capture.
    public boolean needsPods() {
        return this == HTTPS || this == TCP;
    }

    /// As it is written on a command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static SampleWorkload bookinfo(String name, String role, String host) {
        String account = "bookinfo-" + name.split("-", 2)[0];
        return new SampleWorkload("bookinfo", name, account, host, Program.bookinfo(role), true);
    }
}
