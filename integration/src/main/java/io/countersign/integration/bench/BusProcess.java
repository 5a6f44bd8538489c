package io.countersign.integration.bench;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A broker in a process of its own, so that its processor time can be told from the others'.
final class BusProcess {
    static final String READY = "bus at ";

    private BusProcess() {}

    /// Runs until it is ended.
    ///
    /// @param arguments the folder for its logs
    public static void main(String[] arguments) throws InterruptedException {
        var broker = EmbeddedBroker.start(BrokerSettings.open(Path.of(arguments[0])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        System.out.println(READY + broker.bootstrapServers());
        new CountDownLatch(1).await();
    }
}
