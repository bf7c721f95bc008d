package dev.airlock.evidence.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record of the output topic: a CloudEvent in binary mode, so that the value is the bytes that were printed and nothing
 * else. Its key is the run, so the records of an attempt stand in one partition.
 *
 * <p>Delivery is at least once and a writer that comes back may cut the stream in other places. Whoever takes, in the order
 * of the records, of each piece what lies past the bytes he has, and nothing that would leave a gap, has the stream whole.
 */
public sealed interface OutputRecord {
    /** A piece of the stream. */
    String PIECE_TYPE = "dev.airlock.output.v1";

    /** The stream's end. */
    String END_TYPE = "dev.airlock.output.ended.v1";

    /** Most bytes of one piece. */
    int MOST = 64 << 10;

    /** Whose output it is. */
    StepAttempt at();

    /**
     * Bytes of the one stream that stdout and stderr make.
     *
     * @param offset of the first byte of {@code data}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(StepAttempt at, long offset, byte[] data) implements OutputRecord {
        /** Offset of the first byte after it. */
        public long end() {
            return offset + data.length;
        }
    }

    /**
     * No more will come.
     *
     * @param length of the whole stream
     */
    record End(StepAttempt at, long length) implements OutputRecord {}

    /** As it is written; the same bytes at the same place are the same event. */
    default ProducerRecord<String, byte[]> toKafka(String topic, String installation) {
        return switch (this) {
            case Piece piece -> {
                ProducerRecord<String, byte[]> record =
                        event(topic, installation, PIECE_TYPE, piece.offset() + "-" + piece.end(), piece.data());
                put(record.headers(), "content-type", "application/octet-stream");
                put(record.headers(), "ce_offset", Long.toString(piece.offset()));
                yield record;
            }
            case End end -> {
                byte[] data = ("{\"length\":" + end.length() + "}").getBytes(UTF_8);
                ProducerRecord<String, byte[]> record =
                        event(topic, installation, END_TYPE, "end-" + end.length(), data);
                put(record.headers(), "content-type", "application/json");
                yield record;
            }
        };
    }

    private ProducerRecord<String, byte[]> event(
            String topic, String installation, String type, String place, byte[] value) {
        String run = at().run().value();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, run, value);
        put(record.headers(), "ce_specversion", "1.0");
        put(record.headers(), "ce_id", run + "/" + at().label() + "/" + place);
        put(record.headers(), "ce_source", "airlock:" + installation);
        put(record.headers(), "ce_type", type);
        put(record.headers(), "ce_subject", run);
        put(record.headers(), "ce_step", at().step());
        put(record.headers(), "ce_attempt", Integer.toString(at().attempt()));
        return record;
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }

    /** What a record says; empty when it is none of ours, whatever else it is. */
    static Optional<OutputRecord> of(ConsumerRecord<String, byte[]> record) {
        try {
            return Optional.ofNullable(parsed(record));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable OutputRecord parsed(ConsumerRecord<String, byte[]> record) throws IOException {
        if (record.key() == null || record.value() == null || record.value().length > MOST) {
            return null;
        }
        StepAttempt at = new StepAttempt(
                new RunId(record.key()), text(record, "ce_step"), Integer.parseInt(text(record, "ce_attempt")));
        return switch (text(record, "ce_type")) {
            case PIECE_TYPE -> {
                long offset = Long.parseLong(text(record, "ce_offset"));
                boolean fits = offset >= 0 && offset <= Long.MAX_VALUE - MOST && record.value().length > 0;
                yield fits ? new Piece(at, offset, record.value()) : null;
            }
            case END_TYPE -> end(at, record.value());
            default -> null;
        };
    }

    private static @Nullable End end(StepAttempt at, byte[] data) throws JacksonException, IOException {
        JsonNode length = Payloads.mapper().readTree(data).path("length");
        return length.canConvertToLong() && length.isIntegralNumber() && length.longValue() >= 0
                ? new End(at, length.longValue())
                : null;
    }

    private static String text(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            throw new IllegalArgumentException("no header " + name);
        }
        return new String(header.value(), UTF_8);
    }
}
