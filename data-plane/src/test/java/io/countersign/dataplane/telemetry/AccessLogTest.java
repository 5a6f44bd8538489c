package io.countersign.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.countersign.dataplane.TestSidecars;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogTest {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("access");

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAndStopAllAppenders();
    }

    @Test
    void writesALineARequestWithoutItsQuery() {
        // When
        try (var log = new AccessLog(new Metrics())) {
            log.of(TestSidecars.SLEEP, Telemetry.NONE)
                    .ended(MetricsTest.request("httpbin.full", 503, ResponseFlag.UPSTREAM_CONNECTION_FAILURE));
        }

        // Then
        Awaitility.await().until(() -> lines.list.size() == 1);
        assertThat(lines.list.getFirst().getMessage()).isEqualTo("request");
        assertThat(lines.list.getFirst().getKeyValuePairs().stream()
                        .map(pair -> pair.key + "=" + pair.value)
                        .collect(Collectors.joining(" ")))
                .isEqualTo("direction=OUTBOUND flag=UF reason=no _way__in spiffeId=" + TestSidecars.SLEEP + " peer="
                        + TestSidecars.HTTPBIN
                        + " client=127.0.0.1:4711 service=httpbin.full upstream=127.0.0.1:8000 tlsVersion=TLSv1.3"
                        + " tlsGroup=X25519MLKEM768 protocol=HTTP/1.1 method=GET path=/headers status=503 grpcStatus="
                        + " bytesReceived=10 bytesSent=20 duration=2.0 traceId=0af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void dropsAndCountsWhatCannotBeWrittenInTime() {
        // Given
        var metrics = new Metrics();
        var blocked = new CountDownLatch(1);
        logger.addAppender(new ListAppender<>() {
            @Override
            public synchronized void doAppend(ILoggingEvent event) {
                try {
                    blocked.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });

        // When
        var log = new AccessLog(metrics);
        var telemetry = log.of(TestSidecars.SLEEP, Telemetry.NONE);
        for (var i = 0; i < 10_000; i++) {
            telemetry.ended(MetricsTest.request("httpbin.full", 200, ResponseFlag.NONE));
        }
        var dropped = metrics.counter("countersign_access_log_dropped_total").count();
        logger.setLevel(Level.OFF);
        blocked.countDown();
        log.close();

        // Then
        assertThat(dropped).isBetween(1_800.0, 1_810.0);
    }
}
