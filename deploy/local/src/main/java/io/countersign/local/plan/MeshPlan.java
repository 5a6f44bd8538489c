package io.countersign.local.plan;

import io.countersign.local.process.Endpoint;
import io.countersign.local.process.Part;
import io.countersign.local.process.Part.Kind;
import io.countersign.local.process.Readiness;
import io.countersign.mesh.identity.SpiffeId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Which processes make a mesh on one machine, and how each is started.
public final class MeshPlan {

    public static final String BACKBONE = "backbone";
    public static final String SUPERVISOR = "supervisor";
    public static final String CA_SERVICE = Configurations.CA_SERVICE;
    public static final String POLICY_SERVICE = Configurations.POLICY_SERVICE;
    public static final String CONFIG_DISTRIBUTOR = Configurations.CONFIG_DISTRIBUTOR;

    private static final String POSTGRES_FOLDER = "postgres-18.6";

    /// Netty, Kafka and the crypto providers reach below the JDK's API, which it would warn of.
    private static final String QUIET = "--sun-misc-unsafe-memory-access=allow";

    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

    /// The second compiler would be most of what a start takes.
    private static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

    /// Small and quick to start.
    private static final List<String> SERVICE_JVM =
            List.of(ONE_COMPILER, "-XX:+UseSerialGC", "-Xmx96m", "-Xss512k", QUIET, NATIVE);

    /// The heap begins small: without a word it would be all of its most from the start. What the compilers
    /// leave behind goes back to the kernel.
    private static final List<String> PROXY_JVM = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xms16m",
            "-Xmx128m",
            "-Xss512k",
            "-XX:TrimNativeHeapInterval=5000",
            // Heeds the priorities of a node's threads, of which the least is nice: swaps give way to traffic. The
            // JVM's own threads stay as they are.
            "-XX:ThreadPriorityPolicy=1",
            "-XX:JavaPriority1_To_OSPriority=10",
            "-XX:CompilerThreadPriority=0",
            "-XX:VMThreadPriority=0",
            // Flight Recorder's classes, for an event of each chunk of memory.
            "-Dio.netty.jfr.enabled=false",
            QUIET,
            NATIVE);

    private static final List<String> LAUNCHER_JVM = List.of(ONE_COMPILER, "-XX:+UseSerialGC", "-Xmx256m");

    private static final List<String> APP_JVM = List.of(ONE_COMPILER, "-XX:+UseSerialGC", "-Xmx32m", "-Xss512k");

    private final MeshOptions options;
    private final Configurations configurations;

    public MeshPlan(MeshOptions options) {
        this.options = options;
        this.configurations = new Configurations(options);
    }

    /// Writes every configuration file; secrets are made at the first start and kept.
    public void writeFiles() {
        configurations.write();
    }

    /// All parts in the order in which they are started.
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        parts.add(backbone());
        parts.add(service(CA_SERVICE, List.of(LocalNetwork.CA_PORT), LocalNetwork.CA_HEALTH_PORT));
        parts.add(service(POLICY_SERVICE, List.of(LocalNetwork.POLICY_PORT), LocalNetwork.POLICY_HEALTH_PORT));
        parts.add(service(
                CONFIG_DISTRIBUTOR, List.of(LocalNetwork.DISTRIBUTOR_PORT), LocalNetwork.DISTRIBUTOR_HEALTH_PORT));
        options.workloads().stream().map(this::app).forEach(parts::add);
        meshed().map(this::proxy).forEach(parts::add);
        return parts;
    }

    /// Parts that a mesh can be without: the gateway, which has nothing to serve in the samples and is started by hand,
    /// and the supervisor.
    public List<Part> optionalParts() {
        var gateway = node(
                Configurations.GATEWAY,
                Configurations.GATEWAY,
                options.network().gateway(),
                List.of());
        return List.of(gateway, supervisor());
    }

    /// What starts other parts again, by this very launcher.
    private Part supervisor() {
        String root = options.state().root().toString();
        String script = options.home().resolve("deploy/local/supervise.sh").toString();
        var command =
                new ArrayList<>(List.of("bash", script, root, options.home().toString()));
        command.addAll(java(LAUNCHER_JVM));
        command.addAll(List.of("-jar", launcherJar().toString()));
        return new Part(SUPERVISOR, Kind.SUPERVISOR, command, Map.of(), List.of(), new Readiness.Runs());
    }

    private Path launcherJar() {
        return options.home().resolve("deploy/local/target/local.jar");
    }

    /// The part of that name.
    ///
    /// @throws IllegalArgumentException when there is none
    public Part part(String name) {
        return Stream.concat(parts().stream(), optionalParts().stream())
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("part: " + name + " (expected: one of "
                        + String.join(", ", parts().stream().map(Part::name).toList()) + ")"));
    }

    /// The bearer token with which ca-service's join tokens are asked for.
    public String caAdminToken() {
        return configurations.caAdminToken();
    }

    /// The bearer token of the one Kubernetes user, who may do all.
    public String kubernetesToken() {
        return configurations.kubernetesToken();
    }

    /// Who needs a join token: nodes and the services with an identity of their own.
    public List<JoinTokenRequest> joinTokenRequests() {
        Stream<JoinTokenRequest> nodes =
                meshed().map(workload -> new JoinTokenRequest(workload.spiffeId(), workload.id(), List.of()));
        var policy = new JoinTokenRequest(
                Configurations.spiffeId(POLICY_SERVICE), POLICY_SERVICE, List.of(Kubeconfig.POLICY_NAME));
        var distributor = new JoinTokenRequest(
                Configurations.spiffeId(CONFIG_DISTRIBUTOR), CONFIG_DISTRIBUTOR, List.of(Kubeconfig.DISTRIBUTOR_NAME));
        var gateway = new JoinTokenRequest(
                Configurations.spiffeId(Configurations.GATEWAY_ACCOUNT), Configurations.GATEWAY, List.of());
        return Stream.concat(Stream.of(policy, distributor, gateway), nodes).toList();
    }

    /// The identity that ca-service proves.
    public SpiffeId caSpiffeId() {
        return SpiffeId.parse(Configurations.spiffeId(CA_SERVICE));
    }

    /// Where PostgreSQL's programs are unpacked.
    public static Path postgresHome(StateFolder state) {
        return state.data().resolve(POSTGRES_FOLDER);
    }

    private Part backbone() {
        var command = java(SERVICE_JVM);
        command.addAll(archive(BACKBONE, true));
        // Kafka logs through SLF4J; what speaks to Log4j's API directly needs no provider.
        command.add("-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
        command.addAll(List.of(
                "-jar",
                launcherJar().toString(),
                "backbone",
                options.state().configuration(BACKBONE).toString()));
        LocalNetwork network = options.network();
        return new Part(
                BACKBONE,
                Kind.BACKBONE,
                command,
                Map.of(),
                List.of(network.bus(), network.control(LocalNetwork.BUS_CONTROLLER_PORT), network.database()),
                new Readiness.Announced(options.state().backboneReady()));
    }

    private Part service(String name, List<Integer> ports, int healthPort) {
        Path jar = options.home().resolve(name).resolve("target/quarkus-app/quarkus-run.jar");
        var command = java(SERVICE_JVM);
        command.addAll(archive(name, true));
        command.addAll(List.of("-jar", jar.toString()));
        var endpoints = new ArrayList<Endpoint>();
        ports.forEach(port -> endpoints.add(options.network().control(port)));
        Endpoint health = options.network().control(healthPort);
        endpoints.add(health);
        return new Part(
                name,
                Kind.SERVICE,
                command,
                Map.of(
                        "QUARKUS_CONFIG_LOCATIONS",
                        options.state().configuration(name).toString()),
                endpoints,
                new Readiness.Answers(URI.create("http://" + health + "/q/health/ready")));
    }

    private Part app(SampleWorkload workload) {
        var command = enter(workload.id() + "/app");
        if (!workload.serves()) {
            command.addAll(List.of("sleep", "infinity"));
            return new Part(workload.id(), Kind.APP, command, Map.of(), List.of(), new Readiness.Runs());
        }
        var program = workload.program();
        var endpoint = new Endpoint(options.network().address(workload), workload.programPort(isPods()));
        command.addAll(program.isScript() ? script(program) : javaProgram(workload));
        command.addAll(List.of(isPods() ? "0.0.0.0" : endpoint.address(), Integer.toString(endpoint.port())));
        command.addAll(program.arguments());
        Map<String, String> environment = workload.meshed() && !isPods()
                ? Map.of("http_proxy", options.network().outbound(workload))
                : Map.of();
        return new Part(
                workload.id(), Kind.APP, command, environment, List.of(endpoint), new Readiness.Listens(endpoint));
    }

    private List<String> script(SampleWorkload.Program program) {
        return List.of(
                "bash",
                options.home()
                        .resolve("samples/servers")
                        .resolve(program.main())
                        .toString());
    }

    private List<String> javaProgram(SampleWorkload workload) {
        String main = workload.program().main();
        var command = java(APP_JVM);
        command.addAll(archive(main, !isPods() && isFirst(workload)));
        String jar = options.home().resolve("samples/target/samples.jar").toString();
        command.addAll(List.of("-cp", jar, "io.countersign.samples." + main));
        return command;
    }

    /// Whether it writes the archive of its program's classes.
    private boolean isFirst(SampleWorkload workload) {
        var sameProgram = options.workloads().stream()
                .filter(other ->
                        other.program().main().equals(workload.program().main()));
        return sameProgram.findFirst().equals(Optional.of(workload));
    }

    private Part proxy(SampleWorkload workload) {
        var ports = new ArrayList<>(List.of(LocalNetwork.OUTBOUND_PORT));
        if (isPods()) {
            ports.add(LocalNetwork.INBOUND_PORT);
        } else if (workload.serves()) {
            ports.add(workload.program().port());
        }
        return node(workload.proxyPart(), workload.id(), options.network().address(workload), ports);
    }

    private Part node(String name, String id, String address, List<Integer> ports) {
        String program = id.equals(Configurations.GATEWAY) ? "gateway-node" : "proxy-node";
        Path jar = options.home().resolve(program).resolve("target").resolve(program + ".jar");
        var command = enter(id + "/proxy");
        boolean first = meshed().findFirst().map(SampleWorkload::proxyPart).equals(Optional.of(name));
        command.addAll(java(proxyJvm(nodeArchives(options).map(folder -> folder.resolve(program + ".aot")), first)));
        command.addAll(List.of(
                ONE_COMPILER,
                "-jar",
                jar.toString(),
                options.state().configuration(name).toString()));
        var health = new Endpoint(address, LocalNetwork.HEALTH_PORT);
        var endpoints = new ArrayList<>(
                List.of(new Endpoint(isPods() ? "127.0.0.1" : address, LocalNetwork.ADMIN_PORT), health));
        ports.forEach(port -> endpoints.add(new Endpoint(address, port)));
        var ready = new Readiness.Answers(URI.create("http://" + health + "/healthz/ready"));
        return new Part(name, Kind.NODE, command, Map.of(), endpoints, ready);
    }

    private boolean isPods() {
        return options.network().pods();
    }

    /// What goes before a command that is to run in a pod.
    private List<String> enter(String place) {
        return isPods()
                ? new ArrayList<>(List.of(
                        options.home().resolve("dev").toString(),
                        "enter",
                        "--state",
                        options.state().root().toString(),
                        place,
                        "--"))
                : new ArrayList<>();
    }

    private Stream<SampleWorkload> meshed() {
        return options.workloads().stream().filter(SampleWorkload::meshed);
    }

    /// Where nodes keep archives of their classes. In pods they run as another user, who could put what it likes into
    /// one: nobody else reads those.
    public static Optional<Path> nodeArchives(MeshOptions options) {
        return options.classArchives().map(folder -> options.network().pods() ? folder.resolve("pods") : folder);
    }

    /// The flags of a proxy's JVM, with a cache of its classes as they are when linked (JEP 514), which takes a
    /// third off a start. One that does not fit the jars is ignored.
    ///
    /// @param writes whether this JVM writes the cache when it ends, if there is none
    public static List<String> proxyJvm(Optional<Path> cache, boolean writes) {
        var flags = new ArrayList<>(PROXY_JVM);
        cache.filter(file -> writes || Files.exists(file))
                .ifPresent(file -> flags.addAll(List.of(
                        (Files.exists(file) ? "-XX:AOTCache=" : "-XX:AOTCacheOutput=") + file,
                        // What it says of methods (JEP 515) sets the compilers to work while the node starts. A
                        // JVM that does not know the flag is to start all the same.
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:-AOTReplayTraining",
                        // Each class that cannot be in it would be a line in the part's log.
                        "-Xlog:aot=off",
                        "-Xlog:cds=off")));
        return flags;
    }

    /// The flags of a JVM with an archive of its loaded classes, which halves the processor time that a start takes. A
    /// JVM writes it when it ends, if there is none that fits its jars; one that does not fit any more is ignored.
    ///
    /// @param writes whether this JVM writes the archive: of several that share one, one does
    private List<String> archive(String name, boolean writes) {
        return options.classArchives()
                .map(folder -> folder.resolve(name + ".jsa"))
                .filter(archive -> writes || Files.exists(archive))
                .map(archive -> List.of(
                        "-XX:SharedArchiveFile=" + archive,
                        writes ? "-XX:+AutoCreateSharedArchive" : "-XX:-AutoCreateSharedArchive",
                        // Each class that cannot be archived would be a line in the part's log.
                        "-Xlog:cds=off"))
                .orElse(List.of());
    }

    /// The very JVM that the launcher runs on.
    private static List<String> java(List<String> flags) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        return command;
    }
}
