package io.countersign.samples;

import java.io.IOException;

/// `httpbin`: an HTTP/1.1 server that answers with what it was asked, for trying a mesh.
///
/// Paths: `/headers`, `/get`, `/post`, `/status/{code}`, `/delay/{seconds}`, `/bytes/{n}`.
public final class Httpbin {

    private Httpbin() {}

    /// Usage: `httpbin ADDRESS PORT`.
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: httpbin ADDRESS PORT");
            System.exit(2);
        }
        WebServer.run("httpbin", args[0], args[1], Answers::answer);
    }
}
