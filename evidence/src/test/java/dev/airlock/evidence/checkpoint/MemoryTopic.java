package dev.airlock.evidence.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.evidence.audit.AuditChain;
import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.evidence.audit.AuditSource;
import dev.airlock.evidence.audit.TopicRecords;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A topic to write on, and to tamper with. */
final class MemoryTopic implements AuditSource, TopicRecords {
    static final String INSTALLATION = "0123456789abcdef";
    static final String INCARNATION = "0198c2a1-0000-7000-8000-000000000001";

    final List<List<Entry>> partitions = new ArrayList<>();
    long firstOffset;
    int reads;

    /** A record, as bytes that nobody changes. */
    static final class Entry {
        private final @Nullable String key;
        private final byte[] value;

        Entry(@Nullable String key, byte[] value) {
            this.key = key;
            this.value = value;
        }

        @Nullable
        String key() {
            return key;
        }

        byte[] value() {
            return value;
        }
    }

    MemoryTopic(int count) {
        for (int i = 0; i < count; i++) {
            partitions.add(new ArrayList<>());
        }
    }

    static RunId run(int number) {
        return Names.run(INSTALLATION, "test", Integer.toString(number));
    }

    static List<AuditEvent> events(int number, @Nullable AuditHead head, int from, int count) {
        List<AuditEntry> entries = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            Map<String, Object> data = i == 1
                    ? Map.of("requestSource", "test", "requestId", Integer.toString(number))
                    : Map.of("step", "test", "number", i);
            entries.add(new AuditEntry(
                    i == 1 ? "run.started" : "step.completed",
                    Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i),
                    data));
        }
        return new AuditChain(new EmitRequest(INSTALLATION, run(number), head, entries), INCARNATION)
                .plan(List.of())
                .fresh();
    }

    /** Writes a run's first events. */
    List<AuditEvent> write(int number, int count) {
        List<AuditEvent> events = events(number, null, 1, count);
        events.forEach(event -> append(number % partitions.size(), event));
        return events;
    }

    /** Writes events of runs of one partition in turns. */
    void writeMixed(int partition, int count, int... numbers) {
        List<List<AuditEvent>> chains = new ArrayList<>();
        for (int number : numbers) {
            chains.add(events(number, null, 1, count));
        }
        for (int i = 0; i < count; i++) {
            for (List<AuditEvent> chain : chains) {
                append(partition, chain.get(i));
            }
        }
    }

    void append(int partition, AuditEvent event) {
        append(partition, event.chain().value(), event.bytes());
    }

    void append(int partition, @Nullable String key, byte[] value) {
        partitions.get(partition).add(new Entry(key, value));
    }

    /** Places of a run's records in a partition. */
    List<Integer> places(int partition, int number) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < partitions.get(partition).size(); i++) {
            if (run(number).value().equals(partitions.get(partition).get(i).key())) {
                places.add(i);
            }
        }
        return places;
    }

    static ObjectNode json(byte[] value) {
        try {
            return (ObjectNode) Payloads.mapper().readTree(value);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Changes a record and gives it the hash of its new content. */
    static byte[] forged(byte[] value, Consumer<ObjectNode> change) {
        ObjectNode event = json(value);
        change.accept(event);
        event.remove("hash");
        event.put("hash", CanonicalJson.digest(event).value());
        return CanonicalJson.bytes(event);
    }

    @Override
    public int partitions() {
        return partitions.size();
    }

    @Override
    public void read(int partition, long from, TopicRecords.Sink sink) {
        List<Entry> entries = partitions.get(partition);
        for (int i = (int) Math.max(0, from - firstOffset); i < entries.size(); i++) {
            reads++;
            sink.take(
                    partition,
                    firstOffset + i,
                    entries.get(i).key(),
                    entries.get(i).value());
        }
    }

    @Override
    public void read(TopicRecords.Sink sink) {
        for (int partition = 0; partition < partitions.size(); partition++) {
            read(partition, 0, sink);
        }
    }

    @Override
    public void close() {}
}
