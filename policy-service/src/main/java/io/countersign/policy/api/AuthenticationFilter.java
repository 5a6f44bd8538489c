package io.countersign.policy.api;

import io.countersign.controlplane.BearerToken;
import io.countersign.controlplane.User;
import io.countersign.controlplane.UserTable;
import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets only known users in, whatever the path, and only those writers who may write. Runs before the body is read.
@Provider
@PreMatching
class AuthenticationFilter implements ContainerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AuthenticationFilter.class);
    private static final Set<String> OPEN_PATHS = Set.of("livez", "readyz");
    private static final String USER = "countersign.user";
    private static final Set<String> READING = Set.of("GET", "HEAD");

    /// Looked up late: filters are made before there is a configuration.
    private final Instance<UserTable> users;

    AuthenticationFilter(Instance<UserTable> users) {
        this.users = users;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var path = path(request);
        if (OPEN_PATHS.contains(path)) {
            return;
        }
        var user = BearerToken.in(request.getHeaderString(HttpHeaders.AUTHORIZATION))
                .flatMap(token -> users.get().find(token))
                .orElseThrow(() -> RefusedRequest.of(StatusReason.UNAUTHORIZED, "Unauthorized"));
        if (!READING.contains(request.getMethod()) && !user.mayWrite()) {
            LOG.atInfo()
                    .addKeyValue("peer", user.name())
                    .addKeyValue("path", path)
                    .log("write denied");
            throw denied(user, request.getMethod(), path);
        }
        request.setProperty(USER, user.name());
    }

    /// The name of whom it has let in.
    static String user(ContainerRequestContext request) {
        return String.valueOf(request.getProperty(USER));
    }

    private static RefusedRequest denied(User user, String method, String path) {
        var verb = switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            default -> "delete";
        };
        return ApiPath.parse(path)
                .map(target -> RefusedRequest.forbidden(
                        target.type(),
                        target.name().orElse(""),
                        "User \"%s\" cannot %s resource \"%s\" in API group \"%s\"%s"
                                .formatted(
                                        user.name(),
                                        verb,
                                        target.type().plural(),
                                        target.type().group(),
                                        target.namespace()
                                                .map(name -> " in the namespace \"" + name + "\"")
                                                .orElse(" at the cluster scope"))))
                .orElseGet(() -> RefusedRequest.of(
                        StatusReason.FORBIDDEN,
                        "forbidden: User \"" + user.name() + "\" cannot " + verb + " path \"/" + path + "\""));
    }

    private static String path(ContainerRequestContext request) {
        var path = request.getUriInfo().getPath();
        return path.startsWith("/") ? path.substring(1) : path;
    }
}
