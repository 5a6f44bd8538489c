package io.countersign.broker;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.countersign.events.Topic;
import io.countersign.events.Topic.Role;
import io.countersign.events.TopicCatalogue;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// Who may do what on the bus, from the catalogue's writers and readers. Pure.
final class AccessPlan {

    private AccessPlan() {}

    /// The ACLs of all users; what none of them allows is refused.
    static Set<AclBinding> of(Collection<BusUser> users) {
        var bindings = new HashSet<AclBinding>();
        users.forEach(user -> bindings.addAll(of(user, requireRole(user))));
        return bindings;
    }

    private static Set<AclBinding> of(BusUser user, Role role) {
        var bindings = new HashSet<AclBinding>();
        for (Topic topic : TopicCatalogue.ALL) {
            var pattern = new ResourcePattern(ResourceType.TOPIC, topic.name(), PatternType.LITERAL);
            boolean writes = topic.isWrittenBy(role);
            boolean reads = topic.readers().contains(role);
            if (writes) {
                bindings.add(allow(user, pattern, WRITE));
                topic.transactionalId().ifPresent(id -> bindings.addAll(transactions(user, id)));
            }
            if (reads) {
                bindings.add(allow(user, pattern, READ));
            }
            if (writes || reads) {
                bindings.add(allow(user, pattern, DESCRIBE));
                bindings.add(allow(user, pattern, DESCRIBE_CONFIGS));
            }
        }
        if (role != Role.NODE) {
            bindings.addAll(groups(user, role.user()));
        }
        return bindings;
    }

    private static Set<AclBinding> transactions(BusUser user, String idPrefix) {
        var pattern = new ResourcePattern(ResourceType.TRANSACTIONAL_ID, idPrefix, PatternType.PREFIXED);
        return Set.of(allow(user, pattern, WRITE), allow(user, pattern, DESCRIBE));
    }

    /// A service's groups are called like its role; nodes follow without one.
    private static Set<AclBinding> groups(BusUser user, String prefix) {
        var pattern = new ResourcePattern(ResourceType.GROUP, prefix, PatternType.PREFIXED);
        return Set.of(allow(user, pattern, READ), allow(user, pattern, DESCRIBE));
    }

    private static AclBinding allow(BusUser user, ResourcePattern pattern, AclOperation operation) {
        var entry = new AccessControlEntry("User:" + user.name(), "*", operation, AclPermissionType.ALLOW);
        return new AclBinding(pattern, entry);
    }

    private static Role requireRole(BusUser user) {
        return user.role()
                .orElseThrow(() -> new IllegalArgumentException(
                        "bus user: " + user.name() + " (expected: the name of a role, or node- and a node id)"));
    }
}
