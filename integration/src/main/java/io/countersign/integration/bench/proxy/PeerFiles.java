package io.countersign.integration.bench.proxy;

import io.countersign.identity.IssuedSvid;
import io.countersign.identity.Pem;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Certificates and configurations of nginx and HAProxy, single-threaded, TLS 1.3 with one cipher and one group.
record PeerFiles(Path directory, String address) {
    static final int BACKEND = 9000;
    static final String NAME = "svc.mesh";
    /// How far HAProxy's runtime commands are from its port.
    static final int RUNTIME = 5;

    private static final TrustDomain TRUST_DOMAIN = new TrustDomain("peers.local");
    private static final int BODY = 200;
    private static final int BULK_MIB = 16;

    /// Writes certificates and the backend's files.
    ///
    /// @return the client's certificate, with which to speak to the servers' proxies
    IssuedSvid prepare() throws IOException {
        var authority = TestAuthority.seeded(1);
        write("ca.crt", Pem.encode(List.of(authority.certificate())));
        certificate("srv", authority.leaf(identity("server")).dnsName(NAME).issue(), authority);
        var client = authority.leaf(identity("client")).issue();
        certificate("cli", client, authority);
        Files.write(Files.createDirectories(directory.resolve("www")).resolve("bulk"), new byte[BULK_MIB << 20]);
        return new IssuedSvid(X509Svid.of(client.chain(), client.key()), authority.bundle(TRUST_DOMAIN, 1));
    }

    Path backend() throws IOException {
        return nginx("backend", """
                http {
                  access_log off; sendfile on; tcp_nopush on; {keep} {temporary}
                  server {
                    listen {address}:%d backlog=4096; root {dir}/www;
                    location / { }
                    location = /s { default_type text/plain; return 200 "%s"; }
                  }
                }
                """.formatted(BACKEND, "x".repeat(BODY)));
    }

    Path nginxServer(int port) throws IOException {
        return nginx("nginx-server", """
                http {
                  access_log off; {keep} {temporary}
                  upstream backend { server {address}:%d; keepalive 256; {keep} }
                  server {
                    listen {address}:%d ssl http2 backlog=4096; {server-tls}
                    location = /hs { return 200 "ok"; }
                    location / {
                      proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection "";
                      proxy_set_header X-Client-Id $ssl_client_s_dn; proxy_buffering on;
                    }
                  }
                }
                """.formatted(BACKEND, port));
    }

    Path nginxClient(int port, int server) throws IOException {
        return nginx("nginx-client", """
                http {
                  access_log off; {keep} {temporary}
                  upstream server { server {address}:%d; keepalive 256; {keep} }
                  server {
                    listen {address}:%d backlog=4096;
                    location / {
                      proxy_pass https://server; proxy_http_version 1.1; proxy_set_header Connection "";
                      {client-tls}
                    }
                  }
                }
                """.formatted(server, port));
    }

    Path nginxTcpServer(int port) throws IOException {
        return nginx("nginx-tcp-server", """
                stream {
                  server {
                    listen {address}:%d ssl backlog=4096; proxy_buffer_size 64k; {server-tls}
                    proxy_pass {address}:%d;
                  }
                }
                """.formatted(port, BACKEND));
    }

    Path nginxTcpClient(int port, int server) throws IOException {
        return nginx("nginx-tcp-client", """
                stream {
                  server {
                    listen {address}:%d backlog=4096; proxy_buffer_size 64k; proxy_pass {address}:%d; proxy_ssl on;
                    {client-tls}
                  }
                }
                """.formatted(port, server));
    }

    Path haproxyTcpServer(int port) throws IOException {
        return haproxy("haproxy-tcp-server", "tcp", port, "{server-tls}", BACKEND, "");
    }

    Path haproxyTcpClient(int port, int server) throws IOException {
        return haproxy("haproxy-tcp-client", "tcp", port, "", server, "{client-tls}");
    }

    Path haproxyServer(int port) throws IOException {
        return haproxy("haproxy-server", "http", port, "{server-tls} alpn h2,http/1.1", BACKEND, "");
    }

    Path haproxyClient(int port, int server) throws IOException {
        return haproxy("haproxy-client", "http", port, "", server, "{client-tls} alpn http/1.1");
    }

    /// A certificate with its key, in one file.
    Path pem(String certificate) {
        return directory.resolve(certificate + ".pem");
    }

    private Path nginx(String name, String blocks) throws IOException {
        // Where the distribution has its modules; one that is there twice is an error.
        var head = """
                include /etc/nginx/modules-enabled/*.conf; user %s; worker_processes 1; daemon off; pid {dir}/%s.pid; error_log {dir}/%s.err warn;
                events { worker_connections 8192; }
                """.formatted(System.getProperty("user.name"), name, name);
        return write(
                name + ".conf",
                filled(head + blocks)
                        .replace("{keep}", "keepalive_requests 1000000000; keepalive_timeout 1h;")
                        .replace("{temporary}", temporary(name))
                        .replace(
                                "{server-tls}",
                                tls("ssl_", "srv") + " ssl_client_certificate {dir}/ca.crt; ssl_verify_client on;"
                                        + " ssl_ecdh_curve X25519; ssl_session_tickets on;")
                        .replace(
                                "{client-tls}",
                                tls("proxy_ssl_", "cli") + " proxy_ssl_trusted_certificate {dir}/ca.crt;"
                                        + " proxy_ssl_verify on; proxy_ssl_name " + NAME
                                        + "; proxy_ssl_server_name on;")
                        .replace("{dir}", directory.toString()));
    }

    private static String tls(String prefix, String certificate) {
        return """
                PREFIXcertificate {dir}/NAME.chain; PREFIXcertificate_key {dir}/NAME.key; PREFIXprotocols TLSv1.3; \
                PREFIXconf_command Ciphersuites TLS_AES_128_GCM_SHA256;""".replace("PREFIX", prefix).replace("NAME", certificate);
    }

    private static String temporary(String name) {
        var text = new StringBuilder();
        for (var kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            text.append("%s_temp_path {dir}/%s-%s; ".formatted(kind, name, kind));
        }
        return text.toString();
    }

    private Path haproxy(String name, String mode, int port, String portOptions, int server, String serverOptions)
            throws IOException {
        return write(name + ".cfg", filled("""
                global
                  nbthread 1
                  maxconn 8192
                  stats socket ipv4@{address}:%d level admin
                {global}
                defaults
                  mode %s
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                {http-defaults}
                frontend f
                  bind {address}:%d %s
                {http-frontend}
                  default_backend b
                backend b
                  server s1 {address}:%d %s
                """.formatted(port + RUNTIME, mode, port, portOptions, server, serverOptions)
                .replace("{global}", mode.equals("http") ? "" : "  tune.bufsize 65536")
                .replace("{http-defaults}", mode.equals("http") ? "  http-reuse always" : "")
                .replace(
                        "{http-frontend}",
                        mode.equals("http")
                                ? "  http-request return status 200 content-type text/plain string ok if { path /hs }"
                                : "")
                .replace("{server-tls}", haproxyTls("srv") + " curves X25519")
                .replace("{client-tls}", haproxyTls("cli") + " verifyhost " + NAME + " sni str(" + NAME + ")")));
    }

    private static String haproxyTls(String name) {
        return "ssl crt {dir}/" + name + ".pem ca-file {dir}/ca.crt verify required ssl-min-ver TLSv1.3"
                + " ciphersuites TLS_AES_128_GCM_SHA256";
    }

    private String filled(String template) {
        return template.replace("{address}", address).replace("{dir}", directory.toString());
    }

    private void certificate(String name, TestSvid svid, TestAuthority authority) throws IOException {
        var chain = Pem.encode(svid.chain());
        var key = Pem.encode(svid.key());
        write(name + ".key", key);
        write(name + ".chain", chain + Pem.encode(List.of(authority.certificate())));
        write(name + ".pem", chain + key);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static SpiffeId identity(String name) {
        return SpiffeId.ofServiceAccount(TRUST_DOMAIN, "bench", name);
    }
}
