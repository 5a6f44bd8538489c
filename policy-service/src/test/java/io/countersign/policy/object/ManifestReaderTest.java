package io.countersign.policy.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.resource.FieldProblem;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.ManifestReader.Read;
import io.countersign.policy.object.ManifestReader.Where;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestReaderTest {
    private static final Where IN_FULL = new Where(ResourceType.POLICY, "v1alpha1", "full", Optional.empty());

    @Test
    void readsWhatIsValid() {
        var read = read("{\"name\":\"default\",\"labels\":{\"a\":\"b\"},\"resourceVersion\":\"7\"}", "{\"peers\":[]}");
        assertThat(read).isInstanceOfSatisfying(Read.Valid.class, valid -> {
            assertThat(valid.manifest().key()).hasToString("authentication.istio.io/Policy/full/default");
            assertThat(valid.manifest().labelling().labels()).containsEntry("a", "b");
            assertThat(valid.manifest().sequence()).contains("7");
        });
    }

    @Test
    void namesEveryProblemAtOnce() {
        var read = read(
                "{\"name\":\"No Name\",\"labels\":{\"a\":1},\"colour\":\"red\"}",
                "{\"peer\":[],\"peers\":[{\"mtls\":{\"mode\":\"STRONG\"}}]}");
        assertThat(read)
                .isInstanceOfSatisfying(
                        Read.Invalid.class,
                        invalid -> assertThat(invalid.problems())
                                .extracting(FieldProblem::path)
                                .containsExactlyInAnyOrder(
                                        "metadata.name",
                                        "metadata.labels[a]",
                                        "metadata.colour",
                                        "spec.peer",
                                        "spec.peers[0].mtls.mode"));
    }

    @Test
    void distinguishesNoSpecFromAnEmptyOne() {
        assertThat(read("{\"name\":\"default\"}", "null"))
                .isInstanceOfSatisfying(
                        Read.Valid.class,
                        valid -> assertThat(valid.manifest().spec()).isNull());
        assertThat(read("{\"name\":\"default\"}", "{}"))
                .isInstanceOfSatisfying(
                        Read.Valid.class,
                        valid -> assertThat(valid.manifest().spec()).isEmpty());
    }

    @Test
    void refusesAnotherNamespaceThanThePath() {
        assertThat(read("{\"name\":\"default\",\"namespace\":\"partial\"}", "{}"))
                .isEqualTo(new Read.Mismatch(
                        "the namespace of the provided object does not match the namespace sent on the request"));
    }

    @Test
    void refusesAnotherKindThanThePath() {
        var tree = Json.readStored("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"default\"}}");
        assertThat(ManifestReader.read(tree, IN_FULL))
                .isEqualTo(new Read.Mismatch("body: v1 Service (expected: authentication.istio.io/v1alpha1 Policy)"));
    }

    private static Read read(String metadata, String spec) {
        var tree = Json.readStored("""
                {"apiVersion":"authentication.istio.io/v1alpha1","kind":"Policy","metadata":%s,"spec":%s}""".formatted(metadata, spec));
        return ManifestReader.read(tree, IN_FULL);
    }
}
