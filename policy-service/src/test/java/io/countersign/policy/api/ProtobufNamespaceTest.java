package io.countersign.policy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import io.countersign.policy.object.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufNamespaceTest {
    private static final byte[] LABEL = message(field(1, "a"), field(2, "b"));
    private static final byte[] NAMESPACE = body("Namespace", message(field(1, "full"), field(11, LABEL)));

    @Test
    void readsNameAndLabels() {
        assertThat(ProtobufNamespace.read(NAMESPACE)).isEqualTo(Json.readStored("""
                                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"full","labels":{"a":"b"}}}"""));
    }

    @Test
    void refusesOtherKinds() {
        assertThatThrownBy(() -> ProtobufNamespace.read(body("Secret", message(field(1, "full")))))
                .isInstanceOfSatisfying(
                        RefusedRequest.class,
                        refused -> assertThat(refused.reason()).isEqualTo(StatusReason.UNSUPPORTED_MEDIA_TYPE));
    }

    @Test
    void refusesWhatIsCutShort() {
        for (int length = 0; length < 20; length++) {
            var cut = Arrays.copyOf(NAMESPACE, length);
            assertThatThrownBy(() -> ProtobufNamespace.read(cut)).isInstanceOf(RefusedRequest.class);
        }
    }

    @Test
    void endsOnWhateverBytes() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            var mutated = NAMESPACE.clone();
            mutated[4 + random.nextInt(mutated.length - 4)] = (byte) random.nextInt();
            try {
                assertThat(ProtobufNamespace.read(mutated)).isNotNull();
            } catch (RefusedRequest refused) {
                assertThat(refused).as("seed %d", seed).hasMessageContaining("expected");
            }
        }
    }

    private static byte[] body(String kind, byte[] metadata) {
        var unknown = message(field(1, message(field(1, "v1"), field(2, kind))), field(2, message(field(1, metadata))));
        return message(new byte[] {'k', '8', 's', 0}, unknown);
    }

    private static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] field(int number, byte[] value) {
        return message(new byte[] {(byte) (number << 3 | 2), (byte) value.length}, value);
    }

    private static byte[] message(byte[]... parts) {
        var bytes = new ByteArrayOutputStream();
        for (var part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
