package dev.airlock.starter.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.cloudevent.Cause;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterRecordsTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    private static final DeadLetter LETTER = new DeadLetter(
            "letter-0123456789abcdef0123",
            Cause.NOT_JSON,
            "broken off",
            1,
            TIME,
            new DeadLetter.Origin("airlock.requests", 1, 2, TIME),
            null,
            null,
            3,
            new DeadLetter.Original(new byte[] {1}, null, new DeadLetter.Envelope(new byte[0], List.of()), null));

    @Test
    void readsWhatItWrites() {
        byte[] value = new LetterRecords("0123456789abcdef").value(LETTER);

        assertThat(LetterRecords.read(value))
                .get()
                .isInstanceOfSatisfying(
                        LetterRecords.Read.Dead.class,
                        dead -> assertThat(dead.letter().id()).isEqualTo(LETTER.id()));
    }

    /** Whatever somebody else writes to the topic must not keep anybody from listing what is there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"type\":1}",
                "{\"type\":\"dev.airlock.request.dead.v1\"}",
                "{\"type\":\"dev.airlock.request.dead.v1\",\"data\":null}",
                "{\"type\":\"dev.airlock.request.dead.v1\",\"data\":{}}",
                "{\"type\":\"dev.airlock.request.dead.v1\",\"data\":{\"id\":\"letter-0123456789abcdef0123\"}}",
                "{\"type\":\"dev.airlock.request.settled.v1\",\"data\":{\"letter\":\"letter-1\"}}",
                "{\"type\":\"dev.airlock.request.settled.v1\",\"data\":[1]}"
            })
    void readsNothingFromWhatIsNoLetter(String value) {
        assertThat(LetterRecords.read(value.getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"time", "cause", "text", "origin", "original", "id"})
    void readsNothingFromALetterThatLacksSomething(String member) {
        String whole = new String(new LetterRecords("0123456789abcdef").value(LETTER), UTF_8);
        int data = whole.indexOf("\"data\"");
        String lacking =
                whole.substring(0, data) + whole.substring(data).replaceFirst("\"" + member + "\":", "\"other\":");
        assertThat(lacking).isNotEqualTo(whole);

        assertThat(LetterRecords.read(lacking.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void readsNothingFromALetterWhoseIdIsNone() {
        String other = new String(new LetterRecords("0123456789abcdef").value(LETTER), UTF_8)
                .replace(LETTER.id(), "letter-\\u001b[2J");

        assertThat(LetterRecords.read(other.getBytes(UTF_8))).isEmpty();
        assertThat(LetterRecords.read(null)).isEmpty();
    }
}
