package io.countersign.local;

import io.countersign.local.backbone.OrphanedPostgres;
import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.MeshPlan;
import io.countersign.local.plan.StateFolder;
import io.countersign.local.process.Part;
import io.countersign.local.process.Part.Kind;
import io.countersign.local.process.ProcessControl;
import io.countersign.local.process.ProcessIdentity;
import io.countersign.local.process.ProcessRegister;
import io.countersign.local.process.ProcessRegister.Entry;
import io.countersign.local.process.ReadinessProbe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A whole mesh as processes on this machine: started, looked at, taken apart and stopped.
///
/// The processes outlive the object: [#of] takes up a mesh that another launcher started. Not thread-safe.
public final class LocalMesh implements AutoCloseable {

    private final MeshOptions options;
    private final MeshPlan plan;
    private final ProcessRegister register;
    private final ProcessControl control;

    private LocalMesh(MeshOptions options) {
        this.options = options;
        this.plan = new MeshPlan(options);
        options.state().create();
        this.register = new ProcessRegister(options.state().processes());
        this.control = new ProcessControl(options.state().logs(), register);
    }

    /// The mesh of a state folder, whether it runs or not.
    public static LocalMesh of(MeshOptions options) {
        return new LocalMesh(options);
    }

    /// Starts a mesh and returns when every policy of the samples is in force on every node. What a crash left of an
    /// earlier one in the same folder is stopped first; on a failure everything is stopped again.
    ///
    /// @throws RuntimeException with a message for people when a port is taken, or a part fails or is late
    public static LocalMesh start(MeshOptions options, Progress progress) {
        var mesh = new LocalMesh(options);
        try (var _ = StartLock.take(options.state())) {
            mesh.stopAll(progress);
            new MeshStart(mesh, progress).run();
        } catch (StartLock.Held e) {
            throw e;
        } catch (RuntimeException e) {
            mesh.stopAll(Progress.silent());
            throw e;
        }
        return mesh;
    }

    public MeshOptions options() {
        return options;
    }

    public StateFolder state() {
        return options.state();
    }

    public LocalNetwork network() {
        return options.network();
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

    /// The process of a part that runs.
    public Optional<ProcessIdentity> process(String part) {
        return control.process(part).filter(ProcessIdentity::isAlive);
    }

    /// Starts a part that was stopped or killed, with a new join token where it needs one, and waits until it is
    /// ready.
    public void startPart(String name) {
        Part part = plan.part(name);
        if (needsJoinToken(part) && control.isAlive(MeshPlan.CA_SERVICE)) {
            new JoinTokens(this).write();
        }
        control.start(part);
        awaitReady(name);
    }

    /// Waits until a part that runs is ready, at most for the options' timeout.
    public void awaitReady(String name) {
        control.awaitReady(
                plan.part(name), System.nanoTime() + options.timeout().toNanos());
    }

    /// Asks the part to end and waits for it. The backbone's database runs on until the backbone is started again.
    public void stopPart(String name) {
        control.stop(List.of(plan.part(name).name()));
    }

    /// Ends the part with SIGKILL.
    public void killPart(String name) {
        control.kill(plan.part(name).name());
    }

    /// Stops everything that was started in the state folder; data stays.
    @Override
    public void close() {
        stopAll(Progress.silent());
    }

    /// Stops everything that was started in the state folder, nodes first and the bus last.
    ///
    /// @return how many processes ran
    public int stopAll(Progress progress) {
        List<Entry> entries = register.entries();
        int running = (int)
                entries.stream().filter(entry -> entry.process().isAlive()).count();
        for (Kind kind : Kind.values()) {
            List<String> names = entries.stream()
                    .filter(entry -> entry.kind() == kind)
                    .map(Entry::name)
                    .toList();
            if (names.stream().anyMatch(control::isAlive)) {
                progress.report("stopping " + String.join(", ", names));
            }
            control.stop(names);
        }
        OrphanedPostgres.stop(state().postgresData());
        return running;
    }

    MeshPlan plan() {
        return plan;
    }

    ProcessControl control() {
        return control;
    }

    private PartStatus status(Part part) {
        Optional<ProcessIdentity> process = process(part.name());
        boolean ready = process.isPresent() && ReadinessProbe.isReady(part.readiness());
        return new PartStatus(part, process, ready);
    }

    private static boolean needsJoinToken(Part part) {
        return part.kind() == Kind.NODE || part.name().equals(MeshPlan.POLICY_SERVICE);
    }

    /// How long a part may take that is waited for during a start.
    Duration timeout() {
        return options.timeout();
    }
}
