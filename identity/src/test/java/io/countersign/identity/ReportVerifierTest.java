package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.events.SealedReport;
import io.countersign.identity.ReportVerifier.Opened;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestLeaf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportVerifierTest {
    private static final TrustDomain TRUST_DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId HTTPBIN = SpiffeId.ofServiceAccount(TRUST_DOMAIN, "full", "httpbin");
    private static final NodeId NODE = new NodeId("httpbin.full");
    private static final TestAuthority AUTHORITY = TestAuthority.seeded(1);
    private final ReportVerifier verifier = new ReportVerifier(AUTHORITY.bundle(TRUST_DOMAIN, 1));
    private final Instant now = Instant.now();

    @Test
    void opensWhatTheNodeItselfSealed() {
        // Given
        var report = report();

        // When
        var opened = open(ReportSeal.seal(report, svid(leaf())));

        // Then
        assertThat(opened).isEqualTo(new Opened.Genuine(report));
    }

    @Test
    void refusesAReportUnderAnotherNodesKey() {
        // When
        var opened = verifier.open(new NodeId("sleep.full"), ReportSeal.seal(report(), svid(leaf())), now);

        // Then
        assertThat(opened).isEqualTo(new Opened.Refused("its certificate was issued to another node"));
    }

    @Test
    void refusesACertificateThatNamesNoNode() {
        assertThat(open(ReportSeal.seal(report(), svid(AUTHORITY.leaf(HTTPBIN)))))
                .isEqualTo(new Opened.Refused("its certificate was issued to another node"));
    }

    @Test
    void refusesAChainOfAnotherAuthority() {
        // Given
        var stranger = svid(TestAuthority.seeded(2).leaf(HTTPBIN).node(NODE));

        // When
        var opened = open(ReportSeal.seal(report(), stranger));

        // Then
        assertThat(opened).isInstanceOf(Opened.Refused.class);
    }

    @Test
    void refusesAReportThatWasChanged() {
        // Given
        var sealed = SealedReport.decode(ReportSeal.seal(report(), svid(leaf())));
        var other = SealedReport.seal("{}".getBytes(StandardCharsets.UTF_8), sealed.chain(), _ -> new byte[64]);

        // When
        var opened = open(new SealedReport(sealed.header(), other.payload(), sealed.signature()).encode());

        // Then
        assertThat(opened).isEqualTo(new Opened.Refused("its signature does not hold"));
    }

    @Test
    void opensAReportWhoseCertificateHasEndedSince() {
        // Given
        var ended = leaf().validFrom(now.minus(Duration.ofDays(2))).validUntil(now.minus(Duration.ofDays(1)));

        // When
        var opened = open(ReportSeal.seal(report(), svid(ended)));

        // Then
        assertThat(opened).isInstanceOf(Opened.Genuine.class);
    }

    @Test
    void goesOnOpeningWhatANodeSaysWithTheSameCertificate() {
        // Given
        var svid = svid(leaf());
        var first = report(7);
        var next = report(8);
        open(ReportSeal.seal(first, svid));

        // When
        var opened = open(ReportSeal.seal(next, svid));
        var repeated = open(ReportSeal.seal(next, svid));

        // Then
        assertThat(opened).isEqualTo(new Opened.Genuine(next));
        assertThat(repeated).isEqualTo(new Opened.Genuine(next));
    }

    @Test
    void refusesAChangedReportWithACertificateThatItKnows() {
        // Given
        var svid = svid(leaf());
        var sealed = SealedReport.decode(ReportSeal.seal(report(7), svid));
        var other = SealedReport.decode(ReportSeal.seal(report(8), svid));
        open(sealed.encode());

        // When
        var opened = open(new SealedReport(sealed.header(), other.payload(), sealed.signature()).encode());

        // Then
        assertThat(opened).isEqualTo(new Opened.Refused("its signature does not hold"));
    }

    @Test
    void refusesAnotherNodesReportUnderTheKeyOfANodeThatItKnows() {
        // Given
        open(ReportSeal.seal(report(), svid(leaf())));
        var stranger = svid(AUTHORITY.leaf(HTTPBIN).node(new NodeId("sleep.full")));

        // When
        var opened = open(ReportSeal.seal(report(), stranger));

        // Then
        assertThat(opened).isEqualTo(new Opened.Refused("its certificate was issued to another node"));
    }

    @Test
    void judgesAKnownChainAnewOnceItsAuthorityHasEnded() {
        // Given
        var sealed = ReportSeal.seal(report(), svid(leaf().validUntil(now.plus(Duration.ofDays(9_000)))));
        open(sealed);

        // When
        var opened = verifier.open(NODE, sealed, now.plus(Duration.ofDays(8_000)));

        // Then
        assertThat(opened).isInstanceOf(Opened.Refused.class);
    }

    @Test
    void refusesWhatIsNoSealedReport() {
        for (var value : new String[] {
            "",
            "[]",
            "{}",
            "{\"type\":\"SealedReport\",\"v\":1}",
            "{\"type\":\"SealedReport\",\"v\":1,\"protected\":\"!\",\"payload\":\"\",\"signature\":\"\"}"
        }) {
            assertThat(open(value.getBytes(StandardCharsets.UTF_8))).isInstanceOf(Opened.Refused.class);
        }
    }

    private Opened open(byte[] value) {
        return verifier.open(NODE, value, now);
    }

    private static TestLeaf leaf() {
        return AUTHORITY.leaf(HTTPBIN).node(NODE);
    }

    private static X509Svid svid(TestLeaf leaf) {
        var issued = leaf.issue();
        return X509Svid.of(issued.chain(), issued.key());
    }

    private NodeReport report() {
        return report(7);
    }

    private NodeReport report(long position) {
        var workloads = new TreeMap<>(Map.of(ConfigKey.workload("full", "httpbin"), "1f"));
        return new NodeReport(NODE, HTTPBIN, workloads, "topic", position, 1, new TreeMap<>(), "", now);
    }
}
