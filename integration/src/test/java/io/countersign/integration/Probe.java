package io.countersign.integration;

import io.countersign.integration.mesh.RunningMesh;
import java.util.regex.Pattern;

/// What curl saw of httpbin, asked for the headers that reached it.
///
/// @param code `000` when there was no answer
/// @param clientIdentified whether the server was told the client's identity: mutual TLS was used
record Probe(int exitCode, String code, boolean clientIdentified) {
    static final Probe PLAINTEXT = new Probe(0, "200", false);
    static final Probe MUTUAL_TLS = new Probe(0, "200", true);

    /// The client's proxy could not reach the server.
    static final Probe UNAVAILABLE = new Probe(0, "503", false);

    /// The connection was reset: curl's exit code for a failure in receiving.
    static final Probe RESET = new Probe(56, "000", false);

    private static final Pattern CLIENT_URI = Pattern.compile("URI=spiffe://cluster\\.local/ns/full/sa/sleep");

    /// From sleep in one namespace to httpbin in another.
    static Probe between(RunningMesh mesh, String from, String to) {
        return of(mesh, "sleep." + from + "/app", "http://httpbin." + to + ":8000/headers");
    }

    static Probe of(RunningMesh mesh, String place, String url) {
        var result = mesh.exec(place, "curl", url, "-s", "-w", "\nresponse code: %{http_code}\n");
        var code = result.output().replaceAll("(?s).*response code: (\\d+)\n", "$1");
        return new Probe(result.exitCode(), code, identifiesClient(result.output()));
    }

    static boolean identifiesClient(String body) {
        return CLIENT_URI.matcher(body).find();
    }
}
