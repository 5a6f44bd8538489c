package io.countersign.ca.authority;

import static io.countersign.events.TopicCatalogue.TRUST;

import io.countersign.ca.CaSettings;
import io.countersign.ca.signing.SigningAuthority;
import io.countersign.events.TrustBundleCodec;
import io.countersign.identity.Pem;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.X509Authority;
import io.countersign.outbox.Outbox;
import io.countersign.outbox.TopicOwner;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the authorities into force when the service starts: the stored ones, or a first root of its own.
@Singleton
public class AuthorityStart implements TopicOwner {
    private static final Logger LOG = LoggerFactory.getLogger(AuthorityStart.class);

    private final CaSettings settings;
    private final AuthorityRepository repository;
    private final Authorities authorities;
    private final Outbox outbox;
    private final InstantSource clock;
    private final Event<BundleRaised> raised;

    AuthorityStart(
            CaSettings settings,
            AuthorityRepository repository,
            Authorities authorities,
            Outbox outbox,
            InstantSource clock,
            Event<BundleRaised> raised) {
        this.settings = settings;
        this.repository = repository;
        this.authorities = authorities;
        this.outbox = outbox;
        this.clock = clock;
        this.raised = raised;
    }

    /// Loads or creates, and puts the bundle on the bus: at every start, since the same record again changes nothing
    /// and a topic that was lost is healed by it. Throws when a stored key does not open.
    @Transactional
    public void loadOrCreate() {
        var encryption = KeyEncryption.fromFile(settings.keyEncryptionKeyFile());
        repository.lockCreation();
        var domain = settings.trustDomain();
        if (repository.of(domain).isEmpty()) {
            create(encryption);
        }
        var stored = repository.of(domain);
        var bundle = new TrustBundle(
                domain,
                repository.sequence(domain),
                stored.stream().map(AuthorityStart::publicPart).toList());
        authorities.set(bundle, active(stored, encryption));
        append(bundle);
        LOG.atInfo()
                .addKeyValue("trustDomain", domain)
                .addKeyValue("authorityId", authorities.active().id())
                .addKeyValue("sequence", bundle.sequence())
                .log("authorities in force");
    }

    @Override
    public String topic() {
        return TRUST.name();
    }

    @Override
    public Set<String> keys() {
        return Set.of(settings.trustDomain().name());
    }

    @Override
    @Transactional
    public void republish() {
        append(authorities.bundle());
    }

    /// Nodes take a bundle only with a sequence above the one that they know.
    @Override
    @Transactional
    public void adopt(long above) {
        var domain = settings.trustDomain();
        var bundle = new TrustBundle(
                domain, repository.raise(domain, above), authorities.bundle().authorities());
        append(bundle);
        raised.fire(new BundleRaised(bundle));
    }

    void take(@Observes(during = TransactionPhase.AFTER_SUCCESS) BundleRaised raise) {
        authorities.set(raise.bundle(), authorities.active());
    }

    /// The bundle is in force when the transaction that has raised its sequence is committed.
    record BundleRaised(TrustBundle bundle) {}

    private void append(TrustBundle bundle) {
        outbox.append(TRUST.name(), bundle.trustDomain().name(), TrustBundleCodec.encode(bundle));
    }

    private void create(KeyEncryption encryption) {
        var root = RootCertificate.create(settings.trustDomain(), clock.instant());
        var entity = new AuthorityEntity();
        entity.id = root.id();
        entity.trustDomain = settings.trustDomain().name();
        entity.state = AuthorityState.ACTIVE;
        entity.certificate = Pem.der(root.certificate());
        entity.encryptedKey = encryption.encrypt(root.privateKey().getEncoded(), root.id());
        entity.createdAt = clock.instant();
        repository.add(entity);
        repository.flush();
        LOG.atInfo().addKeyValue("authorityId", root.id()).log("first authority created");
    }

    private static X509Authority publicPart(AuthorityEntity entity) {
        return new X509Authority(entity.id, entity.state, Pem.certificate(entity.certificate));
    }

    private static SigningAuthority active(List<AuthorityEntity> stored, KeyEncryption encryption) {
        var entity = stored.stream()
                .filter(each -> each.state == AuthorityState.ACTIVE)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("authorities: none of the stored ones is active"));
        try {
            var key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(encryption.decrypt(entity.encryptedKey, entity.id)));
            return new SigningAuthority(entity.id, Pem.certificate(entity.certificate), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("stored key of authority " + entity.id + ": not an elliptic curve key", e);
        }
    }
}
