package io.countersign.samples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/// `echo`: a TCP server that sends back what it gets until its client has said all, and then ends its own half.
///
/// With a greeting it speaks first, as servers of mail and databases do.
public final class Echo {

    private static final int BACKLOG = 128;

    private Echo() {}

    /// Usage: `echo ADDRESS PORT [GREETING]`.
    public static void main(String[] args) throws IOException {
        if (args.length < 2 || args.length > 3) {
            System.err.println("usage: echo ADDRESS PORT [GREETING]");
            System.exit(2);
        }
        var server = new ServerSocket(Integer.parseInt(args[1]), BACKLOG, InetAddress.getByName(args[0]));
        System.out.println("echo: listening on " + args[0] + ":" + server.getLocalPort());
        serve(server, args.length == 3 ? args[2] + "\r\n" : "");
    }

    /// Until the server is closed.
    static void serve(ServerSocket server, String greeting) throws IOException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!server.isClosed()) {
                var client = server.accept();
                threads.execute(() -> answer(client, greeting));
            }
        }
    }

    private static void answer(Socket client, String greeting) {
        try (client) {
            client.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            System.out.println("echo: " + client.getRemoteSocketAddress() + ": " + e.getMessage());
        }
    }
}
