package io.countersign.local;

import io.countersign.local.backbone.Postgres;
import io.countersign.local.control.CaClient;
import io.countersign.local.control.CaTrust;
import io.countersign.local.plan.Kubeconfig;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.MeshPlan;
import io.countersign.local.plan.StateFolder;
import io.countersign.local.process.Endpoint;
import io.countersign.local.process.Part;
import io.countersign.local.process.Part.Kind;
import io.countersign.local.process.Ports;
import io.countersign.local.process.ProcessControl;
import io.countersign.local.process.ProcessIdentity;
import io.countersign.local.process.ProcessRegister;
import io.countersign.local.process.ProcessRegister.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A whole mesh as processes on this machine: started, looked at, taken apart and stopped.
///
/// The processes outlive the object, which takes up a mesh that another launcher started. Not thread-safe.
public final class LocalMesh {

    final MeshOptions options;
    final MeshPlan plan;
    final ProcessControl control;
    private final ProcessRegister register;
    private final Optional<PodNetwork> pods;

    /// What one part does now.
    ///
    /// @param process empty when it does not run
    public record PartStatus(Part part, Optional<ProcessIdentity> process, boolean ready) {

        /// `ready`, `starting` or `stopped`.
        public String word() {
            return ready ? "ready" : process.isPresent() ? "starting" : "stopped";
        }
    }

    /// The mesh of a state folder, whether it runs or not.
    public LocalMesh(MeshOptions options) {
        this.options = options;
        this.plan = new MeshPlan(options);
        options.state().create(options.network().pods());
        this.register = new ProcessRegister(options.state().processes());
        this.pods = options.network().pods() ? Optional.of(new PodNetwork(options)) : Optional.empty();
        this.control = new ProcessControl(options.state().logs(), register);
    }

    /// Starts the mesh and returns when every policy of the samples is in force on every node. What a crash left of an
    /// earlier one in the same folder is stopped first; on a failure everything is stopped again.
    ///
    /// @param progress takes, line by line and from several threads, how far it has come
    /// @throws RuntimeException with a message for people when a port is taken, or a part fails or is late
    public void start(Consumer<String> progress) {
        try (var _ = options.state().lock()) {
            pods.ifPresent(PodNetwork::requireUsable);
            stopAll(progress);
            try {
                pods.ifPresent(PodNetwork::up);
                new MeshStart(this, progress).run();
            } catch (RuntimeException e) {
                stopAll(_ -> {});
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("lock of the state folder", e);
        }
    }

    public StateFolder state() {
        return options.state();
    }

    /// What each part does now, in the order in which parts are started.
    public List<PartStatus> status() {
        var startedByHand = plan.optionalParts().stream().filter(part -> control.isAlive(part.name()));
        return Stream.concat(plan.parts().stream(), startedByHand)
                .map(this::status)
                .toList();
    }

    /// Whether every part's process runs.
    public boolean isUp() {
        return plan.parts().stream().allMatch(part -> control.isAlive(part.name()));
    }

    /// Starts a part that was stopped or killed, with a new join token where it needs one, and waits until it is
    /// ready.
    public void startPart(String name) {
        Part part = plan.part(name);
        boolean mayNeedToken = part.kind() == Kind.NODE || part.kind() == Kind.SERVICE;
        if (mayNeedToken && control.isAlive(MeshPlan.CA_SERVICE)) {
            writeJoinTokens();
        }
        start(part);
        control.awaitReady(part, System.nanoTime() + options.timeout().toNanos());
    }

    /// Starts the part; in a pod it owns its files.
    void start(Part part) {
        pods.ifPresent(network -> network.handOver(part));
        control.start(part);
    }

    /// Asks the part to end and waits for it. The backbone's database runs on until the backbone is started again.
    public void stopPart(String name) {
        control.stop(List.of(plan.part(name).name()));
    }

    /// Ends the part with SIGKILL.
    public void killPart(String name) {
        control.kill(plan.part(name).name());
    }

    /// Stops everything that was started in the state folder, nodes first and the bus last; data stays.
    ///
    /// @return how many processes ran
    public int stopAll(Consumer<String> progress) {
        List<Entry> entries = register.entries();
        int running = (int)
                entries.stream().filter(entry -> entry.process().isAlive()).count();
        for (Kind kind : Kind.values()) {
            List<String> names = entries.stream()
                    .filter(entry -> entry.kind() == kind)
                    .map(Entry::name)
                    .toList();
            if (names.stream().anyMatch(control::isAlive)) {
                progress.accept("stopping " + String.join(", ", names));
            }
            control.stop(names);
        }
        Postgres.stop(state().postgresData());
        pods.ifPresent(PodNetwork::down);
        return running;
    }

    /// Lets every process that needs an identity get its first certificate, and kubectl trust policy-service: asks
    /// ca-service, which is ready, for one token a process and writes each to its file; then the kubeconfig.
    void writeJoinTokens() {
        Endpoint ca = options.network().ca();
        var trust = new CaTrust(plan.caSpiffeId(), () -> Ports.holder(ca).equals(control.process(MeshPlan.CA_SERVICE)));
        try (var client = new CaClient(URI.create("https://" + ca), trust, plan.caAdminToken())) {
            plan.joinTokenRequests()
                    .forEach(request ->
                            state().write(state().joinToken(request.nodeId()), client.joinToken(request) + "\n"));
        }
        state().write(state().kubeconfig(), Kubeconfig.of(options.network(), trust.rootPem(), plan.kubernetesToken()));
    }

    private PartStatus status(Part part) {
        Optional<ProcessIdentity> process = control.process(part.name()).filter(ProcessIdentity::isAlive);
        return new PartStatus(part, process, control.isReady(part));
    }
}
