package io.countersign.local.plan;

import java.util.ArrayList;
import java.util.List;

/// Scripts for bash, run as root, that make and remove the pods of a mesh: a bridge, and for each pod a network
/// namespace with a link to it. The names of all begin with the bridge's. Pure.
public final class PodScripts {

    private static final String SERVICES = "COUNTERSIGN_SERVICES";

    private PodScripts() {}

    /// Makes everything; fails where something of it is there.
    ///
    /// @param capture the command that prints a script with the capture's rules
    public static String up(MeshOptions options, String capture) {
        LocalNetwork network = options.network();
        var script = new StringBuilder("set -e\n");
        script.append("capture=$(").append(capture).append(")\n");
        script.append("""
                ip link add $bridge type bridge
                ip link set $bridge alias '%1$s' up
                ip addr add %2$s/16 dev $bridge
                ip -6 addr add fd00:%3$s::1/64 dev $bridge nodad
                # Where a container engine filters what crosses bridges, ours is none of its business.
                if [[ $(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null) == 1 ]]; then
                  iptables -I FORWARD -i $bridge -o $bridge -j ACCEPT
                  ip6tables -I FORWARD -i $bridge -o $bridge -j ACCEPT
                fi
                """.formatted(
                        options.state().root().toString().replace("'", "'\\''"), network.control(), network.number()));
        Pod.of(options).forEach(pod -> pod(script, pod, options));
        return named(network, script.toString());
    }

    /// Removes everything that is there, with the processes that are still in it.
    public static String down(LocalNetwork network) {
        return named(network, """
                shopt -s nullglob
                # A namespace would take its link along, but in its own time.
                for link in /sys/class/net/$bridge/brif/*; do
                  ip link delete "${link##*/}"
                done
                for file in /run/netns/$bridge-*; do
                  ip netns pids "${file##*/}" | xargs -r kill -KILL
                  ip netns delete "${file##*/}"
                done
                [[ -e /sys/class/net/$bridge ]] || exit 0
                ip link delete $bridge
                iptables -D FORWARD -i $bridge -o $bridge -j ACCEPT 2>/dev/null || true
                ip6tables -D FORWARD -i $bridge -o $bridge -j ACCEPT 2>/dev/null || true
                """);
    }

    private static void pod(StringBuilder script, Pod pod, MeshOptions options) {
        String host = pod.host();
        script.append("""
                pod=$bridge-%1$s
                ip netns add $pod
                ip link add $bridge-%2$s type veth peer name eth0 netns $pod
                ip link set $bridge-%2$s master $bridge up
                ip -n $pod -batch - <<'LINES'
                link set lo up
                addr add ::6/128 dev lo nodad
                link set eth0 up
                addr add %3$s.%4$s/16 dev eth0
                addr add fd00:%5$s::%6$s/64 dev eth0 nodad
                LINES
                """.formatted(
                        pod.id(),
                        host.replace('.', '-'),
                        options.network().prefix(),
                        host,
                        options.network().number(),
                        host.replace('.', ':')));
        // Nobody may listen at 443.
        script.append("ip netns exec $pod bash -c 'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start'\n");
        if (pod.captured()) {
            script.append("ip netns exec $pod bash -e <<<\"$capture\"\n");
        }
        script.append("ip netns exec $pod iptables-restore --noflush <<'RULES'\n")
                .append(services(options))
                .append("RULES\n");
    }

    /// What leads a connection to a service's address to one of its workloads in turn. A captured one comes to its
    /// sidecar before it comes here.
    private static String services(MeshOptions options) {
        var lines =
                new ArrayList<String>(List.of("*nat", ":" + SERVICES + " - [0:0]", "-A OUTPUT -p tcp -j " + SERVICES));
        for (SampleService service : SampleService.of(options)) {
            String address = options.network().address(service);
            for (int left = service.workloads().size(); left > 0; left--) {
                var workload = service.workloads().get(service.workloads().size() - left);
                String turn = left == 1 ? "" : " -m statistic --mode nth --every " + left + " --packet 0";
                lines.add("-A %s -d %s/32 -p tcp --dport %d%s -j DNAT --to-destination %s:%d"
                        .formatted(
                                SERVICES,
                                address,
                                service.port(),
                                turn,
                                options.network().address(workload),
                                workload.programPort(true)));
            }
        }
        lines.add("COMMIT");
        return String.join("\n", lines) + "\n";
    }

    private static String named(LocalNetwork network, String script) {
        return "bridge=" + network.bridge() + "\n" + script;
    }
}
