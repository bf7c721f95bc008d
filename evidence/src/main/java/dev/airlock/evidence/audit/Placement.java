package dev.airlock.evidence.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which record belongs where. A sound one says so. Of an unsound one some members may still be true: it goes to the empty
 * place that its members, its id or its neighbours' hashes point to, so that one altered record is not also a missing one.
 */
final class Placement {
    private final Map<ChainId, Map<String, Segment>> runs = new LinkedHashMap<>();

    /** @return whether the record is sound and has its place now */
    boolean placeSound(AuditRecord record) {
        if (!record.sound()) {
            return false;
        }
        record.said().ifPresent(id -> place(id, record));
        return true;
    }

    /**
     * To be called when all sound records have their places.
     *
     * @return those that belong nowhere
     */
    List<AuditRecord> placeUnsound(List<AuditRecord> unsound) {
        List<AuditRecord> remaining = new ArrayList<>(unsound);
        boolean progress = true;
        while (progress) {
            progress =
                    remaining.removeIf(record -> place(record, fitting(record).or(() -> nextToKnown(record))));
        }
        remaining.removeIf(record -> place(record, afterPredecessor(record)));
        remaining.removeIf(
                record -> place(record, candidates(record).filter(this::taken).findFirst()));
        remaining.removeIf(record -> place(record, candidates(record).findFirst()));
        return remaining;
    }

    Map<ChainId, Map<String, Segment>> runs() {
        return runs;
    }

    private boolean place(AuditRecord record, Optional<EventId> id) {
        id.ifPresent(place -> place(place, record));
        return id.isPresent();
    }

    private void place(EventId id, AuditRecord record) {
        runs.computeIfAbsent(id.chain(), run -> new LinkedHashMap<>(1))
                .computeIfAbsent(id.incarnation(), incarnation -> new Segment(id.chain(), incarnation))
                .add(id.sequence(), record);
    }

    private static Stream<EventId> candidates(AuditRecord record) {
        return Stream.concat(record.said().stream(), record.named().stream()).distinct();
    }

    private Optional<EventId> fitting(AuditRecord record) {
        return candidates(record).filter(id -> free(id) && chained(id, record)).findFirst();
    }

    private Optional<EventId> nextToKnown(AuditRecord record) {
        return candidates(record)
                .filter(id -> free(id) && (has(id, id.sequence() - 1) || has(id, id.sequence() + 1)))
                .findFirst();
    }

    private Optional<EventId> afterPredecessor(AuditRecord record) {
        return runs.values().stream()
                .flatMap(segments -> segments.values().stream())
                .flatMap(segment -> segment.slots().entrySet().stream()
                        .filter(slot -> slot.getValue().stream().anyMatch(before -> record.follows(before.record())))
                        .map(slot -> new EventId(segment.run(), segment.incarnation(), slot.getKey() + 1)))
                .filter(this::free)
                .findFirst();
    }

    private boolean chained(EventId id, AuditRecord record) {
        Segment segment = segment(id);
        return segment != null
                && (segment.at(id.sequence() - 1).stream().anyMatch(before -> record.follows(before.record()))
                        || segment.at(id.sequence() + 1).stream()
                                .anyMatch(after -> after.record().follows(record)));
    }

    private boolean free(EventId id) {
        return !taken(id);
    }

    private boolean taken(EventId id) {
        return has(id, id.sequence());
    }

    private boolean has(EventId id, long sequence) {
        Segment segment = segment(id);
        return segment != null && segment.has(sequence);
    }

    private @Nullable Segment segment(EventId id) {
        return runs.getOrDefault(id.chain(), Map.of()).get(id.incarnation());
    }
}
