package io.countersign.policy.patch;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.policy.object.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples of RFC 7386, appendix A, and the null in a list that Istio's `mtls:` without a mode makes.
class MergePatchTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":"b"}              | {"a":"c"}                  | {"a":"c"}
            {"a":"b"}              | {"b":"c"}                  | {"a":"b","b":"c"}
            {"a":"b"}              | {"a":null}                 | {}
            {"a":"b","b":"c"}      | {"a":null}                 | {"b":"c"}
            {"a":["b"]}            | {"a":"c"}                  | {"a":"c"}
            {"a":"c"}              | {"a":["b"]}                | {"a":["b"]}
            {"a":{"b":"c"}}        | {"a":{"b":"d","c":null}}   | {"a":{"b":"d"}}
            {"a":[{"b":"c"}]}      | {"a":[1]}                  | {"a":[1]}
            ["a","b"]              | ["c","d"]                  | ["c","d"]
            {"a":"b"}              | ["c"]                      | ["c"]
            {"a":"foo"}            | "bar"                      | "bar"
            {"e":null}             | {"a":1}                    | {"e":null,"a":1}
            [1,2]                  | {"a":"b","c":null}         | {"a":"b"}
            {}                     | {"a":{"bb":{"ccc":null}}}  | {"a":{"bb":{}}}
            {"peers":[]}           | {"peers":[{"mtls":null}]}  | {"peers":[{"mtls":null}]}
            """)
    void mergesAsTheStandardHasIt(String target, String patch, String expected) {
        assertThat(MergePatch.apply(Json.readStored(target), Json.readStored(patch)))
                .isEqualTo(Json.readStored(expected));
    }
}
