package io.countersign.identity;

import io.countersign.events.NodeReportCodec;
import io.countersign.events.SealedReport;
import io.countersign.events.UnreadableRecord;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/// Tells a node's genuine report from any other, by one trust bundle. What it has found good of a node it does not
/// look at twice: neither the chain, as long as all of it lasts, nor a report that says the same again. It remembers
/// no more than one chain and one report of each node that has proved itself. Owned by one thread.
public final class ReportVerifier {
    /// Bouncy Castle verifies in half the processor time of the JDK's provider; of a change in a large mesh this is the
    /// most that there is to do.
    private static final Provider PROVIDER = new BouncyCastleProvider();

    private static final String ALGORITHM = "SHA256withPLAIN-ECDSA";

    private final SvidVerifier verifier;
    private final Map<NodeId, Signer> signers = new HashMap<>();

    public ReportVerifier(TrustBundle bundle) {
        this.verifier = new SvidVerifier(bundle);
    }

    /// What a record on the topic turned out to be.
    public sealed interface Opened {
        /// The node itself said this.
        record Genuine(NodeReport report) implements Opened {}

        /// It counts as not said.
        record Refused(String reason) implements Opened {}
    }

    /// Opens a record. Genuine is a report that an SVID signed which ca-service issued to this very node. A
    /// certificate that has ended since is judged as of its end: the report was good while it held, and what it
    /// says of its own end stands in it.
    ///
    /// @param node the record's key
    public Opened open(NodeId node, byte[] value, Instant now) {
        try {
            var sealed = SealedReport.decode(value);
            var known = signers.get(node);
            return known != null && known.vouchesFor(sealed.header(), now)
                    ? open(node, sealed, known)
                    : openUnknown(node, sealed, now);
        } catch (UnreadableRecord | IllegalArgumentException e) {
            return new Opened.Refused(String.valueOf(e.getMessage()));
        }
    }

    /// The node is gone.
    public void forget(NodeId node) {
        signers.remove(node);
    }

    private Opened openUnknown(NodeId node, SealedReport sealed, Instant now) {
        var chain = sealed.chain();
        if (chain.isEmpty()) {
            return new Opened.Refused("no certificate is with it");
        }
        var leaf = chain.getFirst();
        var end = leaf.getNotAfter().toInstant();
        return switch (verifier.verify(chain, SvidUsage.CLIENT, now.isAfter(end) ? end : now)) {
            case SvidVerification.Refused(var fault, var detail) -> new Opened.Refused(fault + ": " + detail);
            case SvidVerification.Valid(var identity, var authority) -> {
                if (!SvidNames.nodeId(leaf).equals(Optional.of(node))) {
                    yield new Opened.Refused("its certificate was issued to another node");
                }
                var until = Stream.concat(chain.stream(), Stream.of(authority.certificate()))
                        .map(X509Certificate::getNotAfter)
                        .min(Comparator.naturalOrder())
                        .orElseThrow();
                yield open(
                        node,
                        sealed,
                        new Signer(
                                sealed.header(),
                                identity,
                                leaf.getPublicKey(),
                                now,
                                until.toInstant(),
                                Optional.empty()));
            }
        };
    }

    private Opened open(NodeId node, SealedReport sealed, Signer signer) {
        var repeated = signer.last().filter(last -> last.payload().equals(sealed.payload()));
        if (repeated.isPresent()) {
            return new Opened.Genuine(repeated.get().report());
        }
        if (!holds(signer.key(), sealed)) {
            return new Opened.Refused("its signature does not hold");
        }
        var report = NodeReportCodec.decode(node, signer.identity(), sealed.report());
        signers.put(node, signer.saying(new Said(sealed.payload(), report)));
        return new Opened.Genuine(report);
    }

    private static boolean holds(PublicKey key, SealedReport sealed) {
        try {
            var signature = Signature.getInstance(ALGORITHM, PROVIDER);
            signature.initVerify(key);
            signature.update(sealed.signingInput());
            return signature.verify(sealed.signatureBytes());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// A node's chain that was found good.
    ///
    /// @param header with which it came
    /// @param from when it was found good
    /// @param until all of it lasts
    /// @param last what the node said with it last
    private record Signer(
            String header, SpiffeId identity, PublicKey key, Instant from, Instant until, Optional<Said> last) {
        boolean vouchesFor(String other, Instant now) {
            return !now.isBefore(from) && !now.isAfter(until) && header.equals(other);
        }

        Signer saying(Said said) {
            return new Signer(header, identity, key, from, until, Optional.of(said));
        }
    }

    private record Said(String payload, NodeReport report) {}
}
