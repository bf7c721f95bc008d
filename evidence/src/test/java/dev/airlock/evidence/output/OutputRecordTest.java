package dev.airlock.evidence.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputRecordTest {
    private static final StepAttempt AT = new StepAttempt(new RunId("run-" + "a".repeat(26)), "te-st_1", 3);
    private static final String HALF_A_CHARACTER = "\u20ac";

    @Test
    void comesBackAsItWasWrittenAlsoWithHalfACharacter() {
        byte[] data = {HALF_A_CHARACTER.getBytes(UTF_8)[0], 0, (byte) 0xff};
        OutputRecord back =
                read(new OutputRecord.Piece(AT, 5_000_000_000L, data)).orElseThrow();
        assertThat(back).isInstanceOfSatisfying(OutputRecord.Piece.class, piece -> {
            assertThat(piece.at()).isEqualTo(AT);
            assertThat(piece.offset()).isEqualTo(5_000_000_000L);
            assertThat(piece.end()).isEqualTo(5_000_000_003L);
            assertThat(piece.data()).isEqualTo(data);
        });
        assertThat(read(new OutputRecord.End(AT, 7))).contains(new OutputRecord.End(AT, 7));
    }

    @Test
    void isOneEventOnlyForTheSameBytesAtTheSamePlace() {
        ProducerRecord<String, byte[]> record = new OutputRecord.Piece(AT, 3, new byte[2]).toKafka("t", "i");
        assertThat(record.key()).isEqualTo(AT.run().value());
        assertThat(header(record, "ce_id")).isEqualTo(AT.run() + "/te-st_1/3/3-5");
        assertThat(header(record, "ce_source")).isEqualTo("airlock:i");
        assertThat(header(record, "ce_type")).isEqualTo("dev.airlock.output.v1");
        assertThat(header(new OutputRecord.Piece(AT, 3, new byte[1]).toKafka("t", "i"), "ce_id"))
                .endsWith("/3-4");
    }

    @ParameterizedTest
    @CsvSource({
        "ce_type, dev.airlock.other.v1",
        "ce_offset, -1",
        "ce_offset, 9223372036854775807",
        "ce_offset, 99999999999999999999",
        "ce_offset, x",
        "ce_attempt, 0",
        "ce_attempt, 1e9",
        "ce_step, ''",
        "ce_type,",
        "ce_offset,",
        "ce_attempt,",
        "ce_step,"
    })
    void isNoneOfOursWithAnythingElseInAHeader(String name, @Nullable String value) {
        ProducerRecord<String, byte[]> good = new OutputRecord.Piece(AT, 0, new byte[1]).toKafka("t", "i");
        RecordHeaders headers = new RecordHeaders(good.headers());
        headers.remove(name);
        if (value != null) {
            headers.add(name, value.getBytes(UTF_8));
        }
        assertThat(OutputRecord.of(record(good.key(), headers, good.value()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "[]", "{\"length\":-1}", "{\"length\":1.5}", "{\"length\":1e99}", "\"x\""})
    void hasNoEndThatSaysNothing(String data) {
        ProducerRecord<String, byte[]> good = new OutputRecord.End(AT, 1).toKafka("t", "i");
        assertThat(OutputRecord.of(record(good.key(), new RecordHeaders(good.headers()), data.getBytes(UTF_8))))
                .isEmpty();
    }

    @Test
    void isNoneOfOursWithoutARunOrWithTooMuch() {
        RecordHeaders headers = new RecordHeaders(
                new OutputRecord.Piece(AT, 0, new byte[1]).toKafka("t", "i").headers());
        assertThat(OutputRecord.of(record(null, headers, new byte[1]))).isEmpty();
        assertThat(OutputRecord.of(record("../../etc", headers, new byte[1]))).isEmpty();
        assertThat(OutputRecord.of(record(AT.run().value(), headers, null))).isEmpty();
        assertThat(OutputRecord.of(record(AT.run().value(), headers, new byte[0])))
                .isEmpty();
        assertThat(OutputRecord.of(record(AT.run().value(), headers, new byte[OutputRecord.MOST + 1])))
                .isEmpty();
        headers.add("ce_type", null);
        assertThat(OutputRecord.of(record(AT.run().value(), headers, new byte[1])))
                .isEmpty();
    }

    private static Optional<OutputRecord> read(OutputRecord written) {
        ProducerRecord<String, byte[]> record = written.toKafka("t", "i");
        return OutputRecord.of(record(record.key(), new RecordHeaders(record.headers()), record.value()));
    }

    private static ConsumerRecord<String, byte[]> record(
            @Nullable String key, RecordHeaders headers, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "t", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static String header(ProducerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return new String(header.value(), UTF_8);
    }
}
