package io.countersign.distributor.publication;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the distributor shows of itself, and its alarms about records that cannot be read.
@Singleton
public class DistributorMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(DistributorMetrics.class);

    private final MeterRegistry registry;
    private final Timer steps;
    private final AtomicInteger rejectedKeys;
    private final AtomicInteger openGenerations;

    public DistributorMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.steps = registry.timer("countersign_distributor_step_duration");
        this.rejectedKeys = register("countersign_distributor_rejected_keys");
        this.openGenerations = register("countersign_distributor_open_generations");
    }

    void step(Runnable step) {
        steps.record(step);
    }

    /// Counts and logs what the engine could not read since the last call.
    void watch(DistributorEngine engine) {
        for (var rejection : engine.rejected().takeFresh()) {
            Counter.builder("countersign_distributor_rejected_records")
                    .tag("topic", rejection.topic())
                    .register(registry)
                    .increment();
            (rejection.first() ? LOG.atError() : LOG.atDebug())
                    .addKeyValue("topic", rejection.topic())
                    .addKeyValue("key", rejection.key())
                    .addKeyValue("offset", rejection.offset())
                    .addKeyValue("reason", rejection.reason())
                    .log("record cannot be read, its key keeps its last good value");
        }
        engine.takeTooLarge()
                .forEach(key -> LOG.atError()
                        .addKeyValue("key", key)
                        .log("config record is too large for the bus, the last one stays in force"));
        rejectedKeys.set(engine.rejected().count());
        openGenerations.set(engine.openGenerations());
    }

    private AtomicInteger register(String name) {
        var value = new AtomicInteger();
        registry.gauge(name, value);
        return value;
    }
}
