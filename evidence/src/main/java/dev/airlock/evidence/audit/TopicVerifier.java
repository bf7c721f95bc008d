package dev.airlock.evidence.audit;

import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.workflows.id.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies all chains of a topic in one pass, and those that are not plainly what was written in a second one, with an
 * {@link AuditVerifier}. Holds some 500 bytes a chain and, of the chains it looks at again, at most {@value #AT_ONCE} events at
 * a time, so that its memory does not grow with the number of events.
 *
 * <p>Not safe for several threads; good for one report.
 */
public final class TopicVerifier {
    /** Events that are looked at closely at a time. */
    private static final int AT_ONCE = 20_000;
    /** A chain with more events, or more records that are no event, is not looked at closely: that would take too long. */
    private static final int LONGEST = 100_000;

    private static final int MOST_UNSOUND = 2_000;
    /** What looking at an unsound record costs, in sound ones. */
    private static final int UNSOUND_WEIGHS = AT_ONCE / MOST_UNSOUND;
    /** More problems than that are not told. */
    private static final int MOST_PROBLEMS = 10_000;

    private final TopicRecords records;
    private final boolean keyed;
    private final Map<ChainId, ChainProgress> chains = new HashMap<>();
    private final Map<ChainId, AuditProblem> misplaced = new LinkedHashMap<>();
    private boolean strayRecords;

    /** What else wants to see every record on the way. */
    @FunctionalInterface
    public interface Observer {
        /** @param facts absent if the record is not sound */
        void saw(int partition, long offset, byte[] value, @Nullable RecordFacts facts);
    }

    /** @param keyed whether records bear the keys that they had on the topic */
    public TopicVerifier(TopicRecords records, boolean keyed) {
        this.records = records;
        this.keyed = keyed;
    }

    /** The chain must hold this event. */
    public void expectHead(ChainId chain, String incarnation, long sequence, Digest hash) {
        chains.computeIfAbsent(chain, ChainProgress::new).expect(incarnation, sequence, hash.value());
    }

    /** Reads everything; to be called once, after the heads and before the rest. */
    public void read(Observer observer) {
        records.read((partition, offset, key, value) -> {
            AuditRecord record = AuditRecord.read(value, 0);
            take(partition, record, key);
            if (!record.sound()) {
                suspectAllOf(record, key);
            }
            observer.saw(partition, offset, value, RecordFacts.of(record));
        });
    }

    private void take(int partition, AuditRecord record, @Nullable String key) {
        EventId id = record.said().orElse(null);
        if (!record.sound() || id == null) {
            return;
        }
        ChainId chain = id.chain();
        chains.computeIfAbsent(chain, ChainProgress::new).advance(partition, id, record);
        if (keyed && !chain.value().equals(key)) {
            misplaced.putIfAbsent(
                    chain,
                    new AuditProblem(
                            Kind.SWAPPED,
                            chain,
                            id.sequence(),
                            "event " + id.sequence() + " of incarnation " + id.incarnation() + " stands under the key "
                                    + shown(key)));
        }
    }

    private static String shown(@Nullable String key) {
        if (key == null) {
            return "of nobody";
        }
        return ChainId.parse(key).map(other -> "of " + other).orElse("of no chain");
    }

    private void suspectAllOf(AuditRecord record, @Nullable String key) {
        Set<ChainId> whose = owners(record, key);
        strayRecords |= whose.isEmpty();
        whose.forEach(chain -> chains.computeIfAbsent(chain, ChainProgress::new).metUnsound());
    }

    private static Set<ChainId> owners(AuditRecord record, @Nullable String key) {
        Set<ChainId> whose = new HashSet<>();
        record.said().map(EventId::chain).ifPresent(whose::add);
        record.named().map(EventId::chain).ifPresent(whose::add);
        chain(key).ifPresent(whose::add);
        return whose;
    }

    private static Optional<ChainId> chain(@Nullable String key) {
        return key == null ? Optional.empty() : ChainId.parse(key);
    }

    /** Chains of which an event was expected and no record is there. */
    public List<ChainId> absent() {
        return chains.values().stream()
                .filter(ChainProgress::isAbsent)
                .map(ChainProgress::chain)
                .toList();
    }

    /** Whether the chain was expected to hold an event. */
    public boolean isExpected(ChainId chain) {
        ChainProgress progress = chains.get(chain);
        return progress != null && progress.isExpected();
    }

    /** Where the chain's first record stands, -1 if there is none. */
    public int partition(ChainId chain) {
        ChainProgress progress = chains.get(chain);
        return progress == null ? -1 : progress.partition();
    }

    /** What is wrong with the chains that are there. */
    public AuditReport report() {
        List<AuditProblem> problems = new ArrayList<>();
        long events = 0;
        int runs = 0;
        List<ChainProgress> suspects = new ArrayList<>();
        for (ChainProgress chain : chains.values()) {
            if (chain.isAbsent()) {
                continue;
            }
            runs += chain.chain().run().isPresent() ? 1 : 0;
            if (chain.isPlain()) {
                events += chain.events();
            } else if (chain.events() > LONGEST || chain.unsound() > MOST_UNSOUND) {
                events += chain.events();
                problems.add(tooMuch(chain));
            } else {
                suspects.add(chain);
            }
        }
        for (List<ChainProgress> batch : batches(suspects)) {
            AuditReport closer = lookCloser(batch);
            strayRecords = false;
            events += closer.events();
            problems.addAll(closer.problems());
        }
        Set<ChainId> blamed = new HashSet<>();
        problems.forEach(problem -> {
            if (problem.run() != null) {
                blamed.add(problem.run());
            }
        });
        misplaced.values().stream()
                .filter(problem -> problem.run() == null || !blamed.contains(problem.run()))
                .forEach(problems::add);
        List<AuditProblem> told = problems.size() > MOST_PROBLEMS ? problems.subList(0, MOST_PROBLEMS) : problems;
        return new AuditReport(problems.isEmpty(), runs, events, null, told);
    }

    private static AuditProblem tooMuch(ChainProgress chain) {
        return new AuditProblem(
                Kind.ALTERED,
                chain.chain(),
                chain.firstDeviation(),
                "not what was written: " + chain.events() + " events and " + chain.unsound()
                        + " records that are none; too many to say here what was done to each");
    }

    private List<List<ChainProgress>> batches(List<ChainProgress> suspects) {
        List<List<ChainProgress>> batches = new ArrayList<>();
        List<ChainProgress> batch = new ArrayList<>();
        long size = 0;
        for (ChainProgress chain : suspects) {
            batch.add(chain);
            size += chain.events() + chain.unsound() * UNSOUND_WEIGHS;
            if (size > AT_ONCE) {
                batches.add(batch);
                batch = new ArrayList<>();
                size = 0;
            }
        }
        if (!batch.isEmpty() || (strayRecords && batches.isEmpty())) {
            batches.add(batch);
        }
        return batches;
    }

    private AuditReport lookCloser(List<ChainProgress> batch) {
        AuditVerifier verifier = new AuditVerifier();
        Set<ChainId> whose = new HashSet<>();
        for (ChainProgress chain : batch) {
            whose.add(chain.chain());
            chain.expectHeadOf(verifier);
        }
        int[] strays = {strayRecords ? MOST_UNSOUND : 0};
        records.read((partition, offset, key, value) -> {
            AuditRecord record = AuditRecord.read(value, 0);
            Set<ChainId> owners = record.sound()
                    ? record.said().map(EventId::chain).map(Set::of).orElse(Set.of())
                    : owners(record, key);
            if (owners.isEmpty() ? strays[0]-- > 0 : owners.stream().anyMatch(whose::contains)) {
                verifier.add(
                        value, chain(key).orElse(null), "the record at partition " + partition + ", offset " + offset);
            }
        });
        return verifier.report();
    }
}
