package io.countersign.broker;

import io.countersign.broker.BrokerSettings.Access;
import io.countersign.broker.BrokerSettings.Restricted;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/// Brings a broker's topics, users and ACLs to what the catalogue says. Applying it again changes nothing.
final class CatalogueApplier {

    /// A broker on one machine has one replica of everything.
    private static final int REPLICAS = 1;

    private static final long WAIT_SECONDS = 30;
    private static final ScramCredentialInfo SCRAM = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);

    private final Map<String, Object> administrator;

    CatalogueApplier(Map<String, Object> administrator) {
        this.administrator = administrator;
    }

    void apply(Access access) {
        try (var admin = Admin.create(administrator)) {
            applyTopics(admin);
            if (access instanceof Restricted restricted && !restricted.users().isEmpty()) {
                applyAcls(admin, AccessPlan.of(restricted.users()));
                applyUsers(admin, restricted.users());
                awaitLogin(restricted.users().getLast());
            }
        }
    }

    /// What the controller has taken, the broker knows a moment later, in the same order: once the user that was
    /// written last can log in, all else holds too.
    private void awaitLogin(BusUser user) {
        var servers = String.valueOf(administrator.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!canLogIn(user.clientProperties(servers))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the broker does not let " + user.name() + " in");
            }
        }
    }

    private static boolean canLogIn(Map<String, Object> login) {
        try (var client = Admin.create(login)) {
            return !client.describeCluster().clusterId().get().isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SaslAuthenticationException) {
                return false;
            }
            throw new IllegalStateException("the broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the catalogue was applied", e);
        }
    }

    private static void applyTopics(Admin admin) {
        Set<String> present = await(admin.listTopics().names());
        var missing = new ArrayList<NewTopic>();
        var changes = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
        for (Topic topic : TopicCatalogue.ALL) {
            Map<String, String> settings = topic.settings(REPLICAS);
            if (present.contains(topic.name())) {
                changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), operations(settings));
            } else {
                missing.add(new NewTopic(topic.name(), 1, (short) REPLICAS).configs(settings));
            }
        }
        await(admin.createTopics(missing).all());
        await(admin.incrementalAlterConfigs(changes).all());
        awaitTopics(admin);
    }

    /// The controller has them; the broker knows them a moment later.
    private static void awaitTopics(Admin admin) {
        var all = TopicCatalogue.ALL.stream().map(Topic::name).toList();
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!await(admin.listTopics().names()).containsAll(all)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the broker does not know the catalogue's topics");
            }
        }
    }

    private static List<AlterConfigOp> operations(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
    }

    private static void applyUsers(Admin admin, List<BusUser> users) {
        List<UserScramCredentialAlteration> credentials = users.stream()
                .<UserScramCredentialAlteration>map(
                        user -> new UserScramCredentialUpsertion(user.name(), SCRAM, user.password()))
                .toList();
        await(admin.alterUserScramCredentials(credentials).all());
    }

    private static void applyAcls(Admin admin, Set<AclBinding> wanted) {
        Collection<AclBinding> present =
                await(admin.describeAcls(AclBindingFilter.ANY).values());
        var missing = new HashSet<>(wanted);
        missing.removeAll(present);
        await(admin.createAcls(missing).all());
        List<AclBindingFilter> surplus = present.stream()
                .filter(binding -> !wanted.contains(binding))
                .map(AclBinding::toFilter)
                .toList();
        await(admin.deleteAcls(surplus).all());
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the broker does not take the catalogue", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the catalogue was applied", e);
        }
    }
}
