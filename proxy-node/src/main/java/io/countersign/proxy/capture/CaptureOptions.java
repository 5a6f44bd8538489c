package io.countersign.proxy.capture;

import java.util.List;
import picocli.CommandLine.Option;

/// What is captured and what is not; the defaults capture everything that a sidecar should see.
final class CaptureOptions {

    @Option(
            names = "--proxy-port",
            paramLabel = "PORT",
            defaultValue = "15001",
            description = "Where the sidecar takes the workload's own connections (default: ${DEFAULT-VALUE}).")
    Port proxyPort = new Port(15_001);

    @Option(
            names = "--inbound-port",
            paramLabel = "PORT",
            defaultValue = "15006",
            description = "Where the sidecar takes its clients' connections (default: ${DEFAULT-VALUE}).")
    Port inboundPort = new Port(15_006);

    @Option(
            names = "--inbound-ports",
            paramLabel = "*|PORT,…",
            defaultValue = "*",
            description = "Ports of the workload that are captured; '' for none (default: ${DEFAULT-VALUE}).")
    private String inboundPorts = "*";

    @Option(names = "--exclude-inbound-ports", split = ",", paramLabel = "PORT", description = "Ports that are not.")
    List<Port> excludedInboundPorts = List.of();

    @Option(
            names = "--outbound-ports",
            split = ",",
            paramLabel = "PORT",
            description = "Ports that are captured whatever their address, unless that is excluded.")
    List<Port> outboundPorts = List.of();

    @Option(
            names = "--exclude-outbound-ports",
            split = ",",
            paramLabel = "PORT",
            description = "Ports of others that are not captured.")
    List<Port> excludedOutboundPorts = List.of();

    @Option(
            names = "--outbound-ranges",
            paramLabel = "*|RANGE,…",
            defaultValue = "*",
            description = "Addresses that are captured, as 10.0.0.0/8; '' for none (default: ${DEFAULT-VALUE}).")
    private String outboundRanges = "*";

    @Option(
            names = "--exclude-outbound-ranges",
            split = ",",
            paramLabel = "RANGE",
            description = "Addresses that are not.")
    List<AddressRange> excludedOutboundRanges = List.of();

    @Option(
            names = "--exclude-uids",
            split = ",",
            paramLabel = "UID",
            defaultValue = "1337",
            description = "Users whose connections are not captured, the sidecar's own (default: ${DEFAULT-VALUE}).")
    List<Long> excludedUids = List.of(1337L);

    @Option(
            names = "--exclude-gids",
            split = ",",
            paramLabel = "GID",
            defaultValue = "1337",
            description = "Groups whose connections are not captured (default: ${DEFAULT-VALUE}).")
    List<Long> excludedGids = List.of(1337L);

    Selection<Port> inboundPorts() {
        return Selection.parse(inboundPorts, Port::parse);
    }

    Selection<AddressRange> outboundRanges() {
        return Selection.parse(outboundRanges, AddressRange::parse);
    }
}
