package io.countersign.dataplane.tcp;

import io.countersign.mesh.view.FirstBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Reads a TLS ClientHello (RFC 8446, sections 4.1.2 and 5.1) for the name that it asks for and its application
/// protocols, also when it is cut into several records and those into many segments.
final class ClientHello {
    static final byte HANDSHAKE_RECORD = 22;

    private static final int RECORD_HEADER = 5;
    private static final int RECORD_MAX = 16 * 1024;
    private static final int MESSAGE_HEADER = 4;
    private static final int CLIENT_HELLO_MESSAGE = 1;
    private static final int VERSION_AND_RANDOM = 34;
    private static final int SERVER_NAME_EXTENSION = 0;
    private static final int HOST_NAME = 0;
    private static final int ALPN_EXTENSION = 16;

    /// Post-quantum key shares make about 2 KiB; nobody needs this much.
    private static final int HELLO_MAX = 16 * 1024;

    /// Each read looks at all records again; whoever cuts a hello finer than this wants work done.
    private static final int RECORDS_MAX = 16;

    /// What Istio's clients announce mutual TLS of the mesh with.
    private static final Set<String> MESH_PROTOCOLS =
            Set.of("istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2");

    private ClientHello() {}

    /// Mesh TLS, other TLS, or other for what is no ClientHello; empty while more bytes are needed.
    static Optional<Sniffed> classify(ByteBuf bytes) {
        var message = Unpooled.buffer(Math.min(bytes.readableBytes(), RECORD_MAX));
        var at = bytes.readerIndex();
        for (var records = 1; bytes.writerIndex() - at >= RECORD_HEADER; records++) {
            var length = bytes.getUnsignedShort(at + 3);
            if (records > RECORDS_MAX
                    || bytes.getByte(at) != HANDSHAKE_RECORD
                    || bytes.getByte(at + 1) != 3
                    || length == 0
                    || length > RECORD_MAX) {
                return Optional.of(Sniffed.of(FirstBytes.OTHER));
            }
            at += RECORD_HEADER;
            var there = Math.min(length, bytes.writerIndex() - at);
            message.writeBytes(bytes, at, there);
            at += there;
            var decided = classifyMessage(message);
            if (decided.isPresent() || there < length) {
                return decided;
            }
        }
        return Optional.empty();
    }

    private static Optional<Sniffed> classifyMessage(ByteBuf message) {
        if (message.readableBytes() < MESSAGE_HEADER) {
            return Optional.empty();
        }
        var length = message.getUnsignedMedium(1);
        if (message.getByte(0) != CLIENT_HELLO_MESSAGE || length > HELLO_MAX) {
            return Optional.of(Sniffed.of(FirstBytes.OTHER));
        }
        if (message.readableBytes() < MESSAGE_HEADER + length) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(message.slice(MESSAGE_HEADER, length)));
        } catch (IndexOutOfBoundsException e) {
            // Its inner lengths do not fit into it.
            return Optional.of(Sniffed.of(FirstBytes.OTHER));
        }
    }

    private static Sniffed read(ByteBuf hello) {
        hello.skipBytes(VERSION_AND_RANDOM);
        hello.skipBytes(hello.readUnsignedByte()); // session id
        hello.skipBytes(hello.readUnsignedShort()); // cipher suites
        hello.skipBytes(hello.readUnsignedByte()); // compression methods
        var serverName = "";
        var protocols = Set.<String>of();
        if (hello.isReadable()) {
            var extensions = hello.readSlice(hello.readUnsignedShort());
            while (extensions.isReadable()) {
                var type = extensions.readUnsignedShort();
                var extension = extensions.readSlice(extensions.readUnsignedShort());
                if (type == SERVER_NAME_EXTENSION) {
                    serverName = hostName(extension);
                } else if (type == ALPN_EXTENSION) {
                    protocols = protocols(extension.readSlice(extension.readUnsignedShort()));
                }
            }
        }
        var mesh = protocols.stream().anyMatch(MESH_PROTOCOLS::contains);
        return new Sniffed(mesh ? FirstBytes.MESH_TLS : FirstBytes.OTHER_TLS, serverName, protocols);
    }

    /// RFC 6066, section 3.
    private static String hostName(ByteBuf extension) {
        var names = extension.readSlice(extension.readUnsignedShort());
        return names.readUnsignedByte() == HOST_NAME
                ? names.readSlice(names.readUnsignedShort()).toString(StandardCharsets.US_ASCII)
                : "";
    }

    private static Set<String> protocols(ByteBuf names) {
        var found = new HashSet<String>();
        while (names.isReadable()) {
            found.add(names.readSlice(names.readUnsignedByte()).toString(StandardCharsets.US_ASCII));
        }
        return found;
    }
}
