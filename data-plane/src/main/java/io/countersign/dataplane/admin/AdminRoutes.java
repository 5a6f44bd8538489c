package io.countersign.dataplane.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The pages and commands of one address. Pages are read by GET, commands given by POST.
final class AdminRoutes {
    private final Map<String, Route> routes = new TreeMap<>();

    AdminRoutes page(String path, String says, Function<Asked, Page> page) {
        return add(HttpMethod.GET, path, says, page);
    }

    AdminRoutes page(String path, String says, Supplier<Page> page) {
        return page(path, says, _ -> page.get());
    }

    AdminRoutes command(String path, String says, Function<Asked, Page> command) {
        return add(HttpMethod.POST, path, says, command);
    }

    AdminRoutes command(String path, String says, Runnable command) {
        return command(path, says, _ -> {
            command.run();
            return Page.text(HttpResponseStatus.OK, "OK\n");
        });
    }

    Page answer(Asked asked) {
        var route = routes.get(key(asked.method(), asked.path()));
        if (route != null) {
            return route.answer.apply(asked);
        }
        var other = asked.method().equals(HttpMethod.POST) ? HttpMethod.GET : HttpMethod.POST;
        return routes.containsKey(key(other, asked.path()))
                ? Page.text(HttpResponseStatus.METHOD_NOT_ALLOWED, "only " + other + "\n")
                : Page.text(HttpResponseStatus.NOT_FOUND, help());
    }

    String help() {
        return routes.entrySet().stream()
                .map(route -> route.getKey() + ": " + route.getValue().says + "\n")
                .collect(Collectors.joining());
    }

    private AdminRoutes add(HttpMethod method, String path, String says, Function<Asked, Page> answer) {
        routes.put(key(method, path), new Route(says, answer));
        return this;
    }

    private static String key(HttpMethod method, String path) {
        return path + " " + method;
    }

    private record Route(String says, Function<Asked, Page> answer) {}
}
