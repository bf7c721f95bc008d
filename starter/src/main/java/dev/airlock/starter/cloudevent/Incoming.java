package dev.airlock.starter.cloudevent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came: bytes, of which nothing is believed.
 *
 * @param appended when the broker took it
 * @param key absent when it has none
 * @param value absent for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Incoming(
        Place place, Instant appended, byte @Nullable [] key, byte @Nullable [] value, List<Item> headers) {
    public Incoming {
        headers = List.copyOf(headers);
    }

    /** Where it stands. */
    public record Place(String topic, int partition, long offset) {
        @Override
        public String toString() {
            return topic + "-" + partition + "@" + offset;
        }
    }

    /** One header; names may repeat. */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    public record Item(String name, byte @Nullable [] value) {}

    public static Incoming of(ConsumerRecord<byte[], byte[]> record) {
        List<Item> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new Item(header.key(), header.value()));
        }
        return new Incoming(
                new Place(record.topic(), record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value(),
                headers);
    }

    /** Bytes of key, value and headers. */
    public long size() {
        long size = length(key) + length(value);
        for (Item header : headers) {
            size += header.name().length() + length(header.value());
        }
        return size;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
