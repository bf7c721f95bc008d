package dev.airlock.evidence.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and chains the events of one request. Pure: what it makes depends on the request, the incarnation and the
 * records already kept, on nothing else.
 *
 * <p><b>Incarnations.</b> Temporal's reset of a run starts a new incarnation, whose workflow repeats part of the old one's
 * history. Its first event is {@code run.reset}, number 1, whose {@code previoushash} is the hash of the event it continues
 * from, and whose data names that event ({@code incarnation}, {@code sequence}, {@code hash}). Continuing from nothing is
 * sequence {@code 0} and the run's origin. Only this is a legal fork of a chain.
 *
 * <p><b>Records already kept.</b> A worker that died after Kafka acknowledged and before Temporal recorded it leaves events
 * beyond the head. The workflow tells them again, with the same content but, since its clock stands at the new workflow
 * task, maybe another time. Those records are adopted as they stand, so that no id is ever written with two contents. A
 * kept event that the workflow no longer tells stays in the chain and the rest follows it.
 */
public final class AuditChain {
    private final EmitRequest request;
    private final String incarnation;

    /** @param incarnation the Temporal run id that emits */
    public AuditChain(EmitRequest request, String incarnation) {
        if (request.entries().isEmpty()) {
            throw new IllegalArgumentException("no audit events to emit for " + request.run());
        }
        this.request = request;
        this.incarnation = incarnation;
    }

    /**
     * What to do so that all entries are in the chain.
     *
     * @param adopted events of records that are there already, in order
     * @param fresh events to write, in order
     * @param unclaimed adopted records that no entry tells
     */
    public record Plan(List<AuditEvent> adopted, List<AuditEvent> fresh, List<AuditEvent> unclaimed) {
        public Plan {
            adopted = List.copyOf(adopted);
            fresh = List.copyOf(fresh);
            unclaimed = List.copyOf(unclaimed);
        }

        /** The last adopted event, absent if none is. */
        public Optional<AuditEvent> kept() {
            return adopted.isEmpty() ? Optional.empty() : Optional.of(adopted.getLast());
        }

        /** The events that tell the request's entries, in order, adopted or fresh. */
        public List<AuditEvent> told() {
            List<AuditEvent> told = new ArrayList<>(adopted);
            told.removeAll(unclaimed);
            told.addAll(fresh);
            return told;
        }
    }

    /**
     * @param records values of the run's records that were written after the head, in the order of their offsets; copies
     *     and records of other incarnations may be among them
     * @throws IllegalArgumentException if an entry is not what an event may hold
     */
    public Plan plan(List<byte[]> records) {
        Map<EventId, Found> known = soundRecords(records);
        Deque<AuditEntry> entries = new ArrayDeque<>(request.entries());
        AuditHead head = request.head();
        AuditEvent.Source from = AuditEvent.Source.of(request);
        long sequence = 0;
        Digest hash = head == null ? Names.auditOrigin(request.run()) : head.hash();
        if (head != null && head.incarnation().equals(incarnation)) {
            sequence = head.sequence();
        } else {
            reset(head).ifPresent(entries::addFirst);
        }
        List<AuditEvent> adopted = new ArrayList<>();
        List<AuditEvent> unclaimed = new ArrayList<>();
        List<AuditEvent> fresh = new ArrayList<>();
        while (!entries.isEmpty()) {
            EventId id = new EventId(ChainId.of(request.run()), incarnation, ++sequence);
            AuditEvent event = AuditEvent.chained(from, id, hash, entries.getFirst());
            Found found = fresh.isEmpty() ? known.get(id) : null;
            if (found == null || !found.record().follows(hash)) {
                fresh.add(event);
                entries.removeFirst();
                hash = event.hash();
                continue;
            }
            AuditEvent kept = found.event();
            adopted.add(kept);
            hash = kept.hash();
            if (told(kept.bytes()).equals(told(event.bytes()))) {
                entries.removeFirst();
            } else {
                unclaimed.add(kept);
            }
        }
        return new Plan(adopted, fresh, unclaimed);
    }

    private record Found(AuditRecord record, AuditEvent event) {}

    private Map<EventId, Found> soundRecords(List<byte[]> records) {
        Map<EventId, Found> sound = new HashMap<>();
        for (byte[] bytes : records) {
            AuditRecord record = AuditRecord.read(bytes, 0);
            if (record.sound()) {
                record.said().ifPresent(id -> sound.putIfAbsent(id, new Found(record, record.event(bytes))));
            }
        }
        return sound;
    }

    /** What an event says, whenever it says so. */
    private static Digest told(byte[] event) {
        try {
            JsonNode json = Payloads.mapper().readTree(event);
            return CanonicalJson.digest(List.of(json.path("type"), json.path("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The event that opens a new incarnation; absent where the run was never reset. */
    private Optional<AuditEntry> reset(@Nullable AuditHead head) {
        Instant time = request.entries().getFirst().time();
        if (head != null) {
            return Optional.of(resetEntry(time, head.incarnation(), head.sequence(), head.hash()));
        }
        Origin origin = request.origin();
        if (origin == null || origin.incarnation().equals(incarnation)) {
            return Optional.empty();
        }
        return Optional.of(resetEntry(time, origin.incarnation(), 0, Names.auditOrigin(request.run())));
    }

    private static AuditEntry resetEntry(Instant time, String incarnation, long sequence, Digest hash) {
        return new AuditEntry(
                "run.reset",
                time,
                Map.of("incarnation", incarnation, "sequence", Long.toString(sequence), "hash", hash.value()));
    }
}
