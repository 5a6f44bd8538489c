package io.countersign.policy.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import io.countersign.policy.object.Json;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;

/// A Namespace in Kubernetes' protobuf encoding, which is how `kubectl create namespace` sends it and nothing else
/// here is sent. Read by hand: four messages, of which a handful of fields mean anything.
///
/// Fields as in `k8s.io/apimachinery/pkg/runtime/generated.proto` and `k8s.io/api/core/v1/generated.proto`.
final class ProtobufNamespace {
    static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int LENGTH_DELIMITED = 2;

    private ProtobufNamespace() {}

    /// The tree that the same namespace is in JSON; [RefusedRequest] for bytes that are no namespace.
    static ObjectNode read(byte[] body) {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw unreadable();
        }
        var namespace = Json.object();
        try {
            fields(ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length), (field, value) -> {
                switch (field) {
                    case 1 -> readType(value, namespace);
                    case 2 -> readObject(value, namespace);
                    default -> {}
                }
            });
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw unreadable();
        }
        if (!namespace.path("kind").asText().equals("Namespace")) {
            throw RefusedRequest.of(
                    StatusReason.UNSUPPORTED_MEDIA_TYPE,
                    "content type: " + MEDIA_TYPE + " (expected: application/json for anything but a namespace)");
        }
        return namespace;
    }

    private static void readType(ByteBuffer typeMeta, ObjectNode namespace) {
        fields(typeMeta, (field, value) -> {
            switch (field) {
                case 1 -> namespace.put("apiVersion", text(value));
                case 2 -> namespace.put("kind", text(value));
                default -> {}
            }
        });
    }

    private static void readObject(ByteBuffer object, ObjectNode namespace) {
        fields(object, (field, value) -> {
            if (field == 1) {
                readMetadata(value, namespace.putObject("metadata"));
            }
        });
    }

    private static void readMetadata(ByteBuffer objectMeta, ObjectNode metadata) {
        fields(objectMeta, (field, value) -> {
            switch (field) {
                case 1 -> metadata.put("name", text(value));
                case 11 -> readEntry(value, metadata.withObjectProperty("labels"));
                case 12 -> readEntry(value, metadata.withObjectProperty("annotations"));
                default -> {}
            }
        });
    }

    private static void readEntry(ByteBuffer entry, ObjectNode texts) {
        var pair = new String[] {"", ""};
        fields(entry, (field, value) -> {
            if (field == 1 || field == 2) {
                pair[field - 1] = text(value);
            }
        });
        texts.put(pair[0], pair[1]);
    }

    /// Hands on every length-delimited field; numbers are passed over.
    private static void fields(ByteBuffer message, BiConsumer<Integer, ByteBuffer> reader) {
        while (message.hasRemaining()) {
            var tag = number(message);
            switch ((int) (tag & 7)) {
                case 0 -> number(message);
                case 1 -> skip(message, Long.BYTES);
                case LENGTH_DELIMITED -> {
                    var length = number(message);
                    if (length < 0 || length > message.remaining()) {
                        throw new BufferUnderflowException();
                    }
                    reader.accept((int) (tag >>> 3), message.slice(message.position(), (int) length));
                    skip(message, (int) length);
                }
                case 5 -> skip(message, Integer.BYTES);
                default -> throw new IllegalArgumentException("wire type");
            }
        }
    }

    private static void skip(ByteBuffer message, int bytes) {
        message.position(message.position() + bytes);
    }

    private static long number(ByteBuffer message) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            var next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("varint");
    }

    private static String text(ByteBuffer value) {
        return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    }

    private static RefusedRequest unreadable() {
        return RefusedRequest.of(StatusReason.BAD_REQUEST, "body: not protobuf (expected: a Kubernetes object)");
    }
}
