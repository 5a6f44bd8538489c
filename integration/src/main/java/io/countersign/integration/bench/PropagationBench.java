package io.countersign.integration.bench;

import io.countersign.events.BusProperties;
import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.KubernetesApi;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.integration.traffic.HttpConnection;
import io.countersign.integration.traffic.SteadyTraffic.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/// How long a change takes from its write to being in force at a proxy, proved by a request whose answer changes:
/// plaintext to httpbin is answered under PERMISSIVE and reset under STRICT.
final class PropagationBench {
    private static final int CHANGES = 50;
    private static final int WARM_UP = 10;
    private static final int SIMULATED = 50;
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(1);
    private static final String POLICY = "/apis/authentication.istio.io/v1alpha1/namespaces/full/policies/httpbin";
    private final RunningMesh mesh;
    private final KubernetesApi api;
    private final Request probe;

    private PropagationBench(RunningMesh mesh, KubernetesApi api) {
        this.mesh = mesh;
        this.api = api;
        this.probe = mesh.direct("httpbin.full", "/status/200", answer -> answer.status() == 200);
    }

    public static void main(String[] args) throws Exception {
        System.out.println("starting a mesh of its own …");
        try (var mesh = RunningMesh.start("propagation", "127.34");
                var api = KubernetesApi.of(mesh.state().resolve("kubeconfig"))) {
            new PropagationBench(mesh, api).run();
        }
    }

    private void run() throws Exception {
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);
        restWrites("");
        var kubectl = new ArrayList<Duration>();
        for (int i = 0; i < CHANGES; i++) {
            kubectl.add(kubectlChange(i % 2 == 0));
        }
        print("kubectl apply returned to in force", kubectl);
        var joined = JoinedNodes.join(mesh, SIMULATED);
        var bus = BusProperties.load(mesh.state().resolve("secrets/bus-admin.properties"));
        try (var _ = SimulatedNodes.start(joined, bus)) {
            HttpbinPolicy.PERMISSIVE.putInForce(mesh);
            restWrites(", " + SIMULATED + " more nodes");
        }
    }

    private void restWrites(String beside) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            restWrite(i % 2 == 0);
        }
        var sent = new ArrayList<Duration>();
        var answered = new ArrayList<Duration>();
        for (int i = 0; i < CHANGES; i++) {
            var times = restWrite(i % 2 == 0);
            sent.add(times.fromSent());
            answered.add(times.fromAnswered());
        }
        print("REST write sent to in force" + beside, sent);
        print("REST write answered to in force" + beside, answered);
    }

    private record Times(Duration fromSent, Duration fromAnswered) {}

    private Times restWrite(boolean strict) throws Exception {
        var inForce = watch(strict);
        var sent = System.nanoTime();
        var patch = "{\"spec\":{\"peers\":[{\"mtls\":{\"mode\":\"%s\"}}]}}".formatted(mode(strict));
        var status = api.mergePatch(POLICY, patch);
        var answered = System.nanoTime();
        if (status != 200) {
            throw new IllegalStateException("patch answered " + status);
        }
        var seen = inForce.get();
        // A mode narrows only once every node has confirmed the wider one, which is another change's time.
        HttpbinPolicy.awaitInForce(mesh);
        return new Times(Duration.ofNanos(seen - sent), since(answered, seen));
    }

    private Duration kubectlChange(boolean strict) throws Exception {
        var inForce = watch(strict);
        mode(strict).apply(mesh);
        var returned = System.nanoTime();
        var seen = inForce.get();
        HttpbinPolicy.awaitInForce(mesh);
        return since(returned, seen);
    }

    /// A change that was in force before its writer was told counts as no time at all.
    private static Duration since(long start, long end) {
        return Duration.ofNanos(Math.max(0, end - start));
    }

    /// The moment of the first request that is answered by the mode to come.
    private CompletableFuture<Long> watch(boolean strict) {
        var started = System.nanoTime();
        return CompletableFuture.supplyAsync(
                () -> {
                    while (isAnswered() == strict) {
                        if (System.nanoTime() - started > CHANGE_TIMEOUT.toNanos()) {
                            throw new IllegalStateException("not in force in " + CHANGE_TIMEOUT);
                        }
                        sleep();
                    }
                    return System.nanoTime();
                },
                Thread::startVirtualThread);
    }

    private boolean isAnswered() {
        try (var connection = HttpConnection.open(probe.peer(), PROBE_TIMEOUT)) {
            return probe.expected().test(connection.get(probe.target(), probe.host()));
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpbinPolicy mode(boolean strict) {
        return strict ? HttpbinPolicy.STRICT : HttpbinPolicy.PERMISSIVE;
    }

    private static void sleep() {
        try {
            Thread.sleep(PROBE_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void print(String what, List<Duration> times) {
        var sorted = Quantiles.of(times);
        System.out.printf(
                Locale.ROOT,
                "%-46s n=%d  p50 %6.1f ms  p90 %6.1f ms  p99 %6.1f ms  max %6.1f ms%n",
                what,
                times.size(),
                sorted.millis(0.50),
                sorted.millis(0.90),
                sorted.millis(0.99),
                sorted.millis(1.0));
    }
}
