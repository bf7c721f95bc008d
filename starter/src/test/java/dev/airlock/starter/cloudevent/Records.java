package dev.airlock.starter.cloudevent;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records as a consumer hands them out. */
public final class Records {
    private Records() {}

    public static Incoming incoming(long offset, @Nullable String key, byte @Nullable [] value) {
        return incoming(offset, key, value, new RecordHeaders());
    }

    public static Incoming incoming(long offset, @Nullable String key, byte @Nullable [] value, RecordHeaders headers) {
        return Incoming.of(new ConsumerRecord<>(
                "t",
                0,
                offset,
                0,
                TimestampType.LOG_APPEND_TIME,
                -1,
                -1,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value,
                headers,
                Optional.empty()));
    }
}
