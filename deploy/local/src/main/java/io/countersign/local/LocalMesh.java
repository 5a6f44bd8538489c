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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A whole mesh as processes on this machine: started, looked at, taken apart and stopped.
///
/// The processes outlive the object, which takes up a mesh that another launcher started. Not thread-safe.
public final class LocalMesh {

    /// A part may take so long to end.
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(30);

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

    /// Starts the mesh and returns when a change has come through to every node. What a crash left of an earlier one in
    /// the same folder is stopped first; on a failure everything is stopped again. From then on a supervisor starts
    /// again what ends by itself.
    ///
    /// @param owner the mesh is stopped when this process is gone; empty when only [#stopAll] does
    /// @param progress takes, line by line and from several threads, how far it has come
    /// @throws RuntimeException with a message for people when a port is taken, or a part fails or is late
    public void start(Optional<ProcessIdentity> owner, Consumer<String> progress) {
        try (var _ = options.state().lock(Duration.ZERO)) {
            pods.ifPresent(PodNetwork::requireUsable);
            stopAll(progress);
            try {
                // A launcher that is killed leaves nothing, either.
                supervise("starting", ProcessIdentity.of(ProcessHandle.current().pid()));
                start(plan.part(MeshPlan.SUPERVISOR));
                pods.ifPresent(PodNetwork::up);
                new MeshStart(this, progress).run();
                supervise(owner.isPresent() ? "attached" : "detached", owner);
            } catch (RuntimeException e) {
                // Parts are to end in their order also when it is interrupted.
                var _ = Thread.interrupted();
                stopAll(_ -> {});
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("lock of the state folder", e);
        }
    }

    private void supervise(String phase, Optional<ProcessIdentity> owner) {
        var line = new StringBuilder(phase);
        owner.ifPresent(
                process -> line.append(' ').append(process.pid()).append(' ').append(process.started()));
        state().write(state().supervision(), line.append('\n').toString());
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
    ///
    /// @return false when it runs already, which is left as it is
    public boolean startPart(String name) {
        Part part = plan.part(name);
        boolean runs = locked(() -> {
            if (runsAlready(part)) {
                return true;
            }
            requireFree(List.of(part));
            boolean mayNeedToken = part.kind() == Kind.NODE || part.kind() == Kind.SERVICE;
            if (mayNeedToken && control.isAlive(MeshPlan.CA_SERVICE)) {
                writeJoinTokens();
            }
            start(part);
            return false;
        });
        if (!runs) {
            control.awaitReady(part, System.nanoTime() + options.timeout().toNanos());
        }
        return !runs;
    }

    /// Starts a part that ended by itself, and does not wait for it. Leaves one alone that was stopped meanwhile.
    ///
    /// @return whether it was started
    /// @throws IllegalStateException when it cannot be started yet
    public boolean revivePart(String name) {
        Part part = plan.part(name);
        return locked(() -> {
            if (register.find(name).isEmpty() || runsAlready(part)) {
                return false;
            }
            requireFree(List.of(part));
            if (control.isReady(plan.part(MeshPlan.CA_SERVICE))) {
                writeJoinTokens();
            } else if (name.equals(MeshPlan.POLICY_SERVICE)) {
                // It keeps no certificate, and a token is for one process.
                throw new IllegalStateException(name + " waits for ca-service");
            }
            start(part);
            return true;
        });
    }

    private boolean runsAlready(Part part) {
        control.recordAgain(part);
        return control.isAlive(part.name());
    }

    /// Refuses where somebody else holds a port. A pod's ports are its own, and the database outlives the backbone.
    void requireFree(List<Part> parts) {
        var network = options.network();
        List<Endpoint> endpoints = parts.stream()
                .flatMap(part -> part.endpoints().stream())
                .filter(endpoint -> !network.pods() || endpoint.address().equals(network.control()))
                .filter(endpoint -> !endpoint.equals(network.database()) || !Postgres.isThere(state().postgresData()))
                .toList();
        List<String> taken = Ports.taken(endpoints);
        if (!taken.isEmpty()) {
            throw new IllegalStateException(
                    String.join("\n", taken) + "\nstop what holds it, or choose other addresses with --network");
        }
    }

    /// Starts the part; in a pod it owns its files.
    void start(Part part) {
        pods.ifPresent(network -> network.handOver(part));
        control.start(part);
    }

    /// Asks the part to end and waits for it. The backbone's database runs on until the backbone is started again.
    public void stopPart(String name) {
        List<String> names = List.of(plan.part(name).name());
        locked(() -> {
            control.stop(names);
            return true;
        });
    }

    /// Ends the part with SIGKILL.
    public void killPart(String name) {
        Part part = plan.part(name);
        locked(() -> {
            control.kill(part.name());
            return true;
        });
    }

    /// The supervisor and a person must not start or stop one part at the same time.
    private boolean locked(BooleanSupplier work) {
        try (var _ = options.state().lock(LOCK_LIMIT)) {
            return work.getAsBoolean();
        } catch (IOException e) {
            throw new UncheckedIOException("lock of the state folder", e);
        }
    }

    /// Stops everything that was started in the state folder, nodes first and the bus last; data stays.
    ///
    /// @return how many processes ran
    public int stopAll(Consumer<String> progress) {
        // First, so that it starts nothing meanwhile.
        control.stop(List.of(MeshPlan.SUPERVISOR));
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
        state().write(
                        state().kubeconfig(),
                        Kubeconfig.of(options.network(), trust.rootPem(), plan.kubernetesToken(), plan.caAdminToken()));
    }

    /// The options that it was made with.
    public MeshOptions options() {
        return options;
    }

    private PartStatus status(Part part) {
        Optional<ProcessIdentity> process = control.process(part.name()).filter(ProcessIdentity::isAlive);
        return new PartStatus(part, process, control.isReady(part));
    }
}
