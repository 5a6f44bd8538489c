package io.countersign.integration.bench;

/// A line of the table of `./dev bench scale`.
enum Row {
    REPORTED_P50("one endpoint: write to in force on all nodes, p50", "ms"),
    REPORTED_P99("one endpoint: write to in force on all nodes, p99", "ms", "1000"),
    DISTRIBUTED_P50("one endpoint: write to Distributed, p50", "ms"),
    DISTRIBUTED_P99("one endpoint: write to Distributed, p99", "ms"),
    PUBLISH_THREAD_CPU("one endpoint: distributor's thread, fold and publish", "ms CPU", "1"),
    PUBLISH_CPU("one endpoint: distributor's whole process", "ms CPU"),
    CHANGE_CPU("one endpoint: distributor, with every node's report", "ms CPU"),
    PUBLISH_BUS_CPU("one endpoint: broker, publish", "ms CPU"),
    CHANGE_BUS_CPU("one endpoint: broker, with every node's report", "ms CPU"),
    CHANGE_REPORTS("one endpoint: reports written to nodes", "count"),
    CHANGE_BYTES("one endpoint: written to config", "bytes"),
    MODE_DISTRIBUTED("mesh's mode: write to Distributed, median", "ms"),
    MODE_CPU("mesh's mode: distributor", "ms CPU"),
    MODE_BUS_CPU("mesh's mode: broker", "ms CPU"),
    MODE_BYTES("mesh's mode: written to config", "bytes"),
    IDLE_CPU("no change: distributor, per second", "ms CPU"),
    IDLE_BUS_CPU("no change: broker, per second", "ms CPU"),
    START("start of distributor: process to publishing", "ms"),
    REPLAY("start of distributor: bus to publishing (replay)", "ms", "5000"),
    RSS_STARTED("memory of distributor, resident, after its start", "MiB"),
    RSS_WORKED("memory of distributor, resident, after all changes", "MiB");

    private final String text;
    private final String unit;
    private final String goal;

    Row(String text, String unit) {
        this(text, unit, "");
    }

    Row(String text, String unit, String goal) {
        this.text = text;
        this.unit = unit;
        this.goal = goal;
    }

    String text() {
        return text;
    }

    String unit() {
        return unit;
    }

    /// The most that it is to be; empty without a goal.
    String goal() {
        return goal;
    }
}
