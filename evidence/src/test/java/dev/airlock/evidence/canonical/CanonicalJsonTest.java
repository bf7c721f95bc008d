package dev.airlock.evidence.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    /** The example of RFC 8785, section 3.2.2, and its result in 3.2.4. */
    @Test
    void agreesWithTheRfc() throws IOException {
        String input = """
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }""";

        assertThat(new String(CanonicalJson.of(input.getBytes(UTF_8)), UTF_8))
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    void sortsByUtf16CodeUnits() throws IOException {
        String input = "{\"\\ufb33\":1,\"\\ud83d\\ude00\":2,\"\\u20ac\":3,\"\\r\":4,\"1\":5,\"\\u00f6\":6,\"\":7}";

        assertThat(new String(CanonicalJson.of(input.getBytes(UTF_8)), UTF_8))
                .isEqualTo("{\"\":7,\"\\r\":4,\"1\":5,\"ö\":6,\"€\":3,\"😀\":2,\"\ufb33\":1}");
    }

    @Test
    void writesValuesAsPayloadsDo() {
        record Sample(CommitId commit, Duration limit, Instant at, Optional<String> none, List<Integer> numbers) {}
        var sample = new Sample(
                new CommitId("a".repeat(40)),
                Duration.ofSeconds(90),
                Instant.ofEpochSecond(0),
                Optional.empty(),
                List.of(2, 1));

        assertThat(new String(CanonicalJson.bytes(sample), UTF_8))
                .startsWith("{\"at\":\"1970-01-01T00:00:00Z\",\"commit\":\"aaaa")
                .contains("\"limit\":\"PT1M30S\"", "\"numbers\":[2,1]");
    }

    @Test
    void orderOfMembersDoesNotMatter() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("b", 1);
        one.put("a", 2);

        assertThat(CanonicalJson.digest(one)).isEqualTo(CanonicalJson.digest(Map.of("a", 2, "b", 1)));
    }

    @Test
    void takesScalars() {
        assertThat(new String(CanonicalJson.bytes("ä\n"), UTF_8)).isEqualTo("\"ä\\n\"");
        assertThat(new String(CanonicalJson.bytes(12), UTF_8)).isEqualTo("12");
    }

    @Test
    void hashesBytes() {
        assertThat(CanonicalJson.sha256(new byte[0]))
                .isEqualTo(new Digest("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }

    @Test
    void refusesANumberThatADoubleWouldChange() {
        assertThat(new String(CanonicalJson.bytes(1L << 53), UTF_8)).isEqualTo("9007199254740992");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.bytes(Map.of("n", (1L << 53) + 1)))
                .withMessageContaining("9007199254740993");
    }

    @Test
    void refusesHalfASurrogatePair() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.bytes(Map.of("k", "a\ud800b")))
                .withMessageContaining("surrogate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}{}",
                "{} x",
                "1 2",
                "[1,]",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":1}}",
                "NaN",
                "[1e999]",
                "'a'",
                "{a:1}",
                "[\"\\ud800\"]",
                "[01]"
            })
    void refusesWhatIsNotOneJsonValue(String text) {
        assertThatThrownBy(() -> CanonicalJson.of(text.getBytes(UTF_8))).isInstanceOf(IOException.class);
    }

    @Test
    void refusesInvalidUtf8AndEndlessNesting() {
        assertThatThrownBy(() -> CanonicalJson.of(new byte[] {'"', (byte) 0xff, '"'}))
                .isInstanceOf(IOException.class)
                .hasMessage("not UTF-8");
        assertThatThrownBy(() -> CanonicalJson.of("[".repeat(100_000).getBytes(UTF_8)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anObjectOfCanonicalPartsIsCanonical() {
        TreeMap<String, byte[]> parts = new TreeMap<>();
        Map<String, Object> whole = new LinkedHashMap<>();
        for (Object value : List.of(
                "",
                "plain ~",
                "quo\"te",
                "back\\slash",
                "tab\t",
                "\u007f",
                "\u00e9\u20ac\ud83d\ude00",
                7,
                true,
                List.of(1, "a"),
                Map.of("b", 1, "a", 2))) {
            for (String name : List.of("z", "\ufb33", "\ud83d\ude00", "a\"", "\r")) {
                String member = name + whole.size();
                whole.put(member, value);
                parts.put(member, CanonicalJson.bytes(value));
            }
        }

        assertThat(new String(CanonicalJson.object(parts), UTF_8))
                .isEqualTo(new String(CanonicalJson.bytes(whole), UTF_8));
        assertThat(CanonicalJson.object(new TreeMap<>())).isEqualTo("{}".getBytes(UTF_8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.object(new TreeMap<>(Comparator.reverseOrder())));
    }
}
