package dev.airlock.evidence.audit;

import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says whether an audit trail is what was written, and if not, what was done to it and where. Needs no server.
 *
 * <p>Give it the records in their order, of one run or of many mixed, then the heads that are known from elsewhere, then ask
 * for the report. Only canonical content counts, not how the JSON is written; a copy with the same content is fine anywhere;
 * types it does not know are fine. Each tampering is one problem, at the event that was touched and not at its neighbours.
 * Without a head it cannot see that the end was cut off, nor that everything from some event on was written anew.
 *
 * <p>Holds less than a kilobyte an event; content is not kept. Not safe for several threads.
 */
public final class AuditVerifier {
    /** A longer line is no record: events have at most {@link AuditEvent#MAX_BYTES}. */
    private static final int MAX_LINE = 1024 * 1024;

    private final Placement placement = new Placement();
    private final List<AuditRecord> unsound = new ArrayList<>();
    private final ExpectedHeads heads = new ExpectedHeads();
    private int line;
    private int cutLine = -1;

    /** The next record's bytes. */
    public void add(byte[] record) {
        add(AuditRecord.read(record, ++line));
    }

    /** The next record of a topic on which chains are mixed; its line is its place in the order of adding. */
    void add(byte[] record, @Nullable ChainId key, String place) {
        add(AuditRecord.read(record, ++line).from(key, place));
    }

    private void add(AuditRecord record) {
        if (!placement.placeSound(record)) {
            unsound.add(record);
        }
    }

    /** An exported trail, one record a line; read to its end, not closed. */
    public void addLines(InputStream trail) throws IOException {
        InputStream in = new BufferedInputStream(trail, MAX_LINE / 16);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        long length = 0;
        for (int next = in.read(); next != -1; next = in.read()) {
            if (next == '\n') {
                addLine(text, length, true);
                length = 0;
                continue;
            }
            if (length++ < MAX_LINE) {
                text.write(next);
            }
        }
        addLine(text, length, false);
    }

    private void addLine(ByteArrayOutputStream text, long length, boolean ended) {
        byte[] bytes = text.toByteArray();
        text.reset();
        if (ended || length > 0) {
            line++;
        }
        if (new String(bytes, StandardCharsets.ISO_8859_1).isBlank()) {
            return;
        }
        if (length > MAX_LINE) {
            add(AuditRecord.unreadable(line, "it has " + length + " bytes"));
            return;
        }
        AuditRecord record = AuditRecord.read(bytes, line);
        if (!ended && record.run().isEmpty()) {
            cutLine = line;
        }
        add(record);
    }

    /** The run's trail must hold this event. */
    public void expectHead(RunId run, AuditHead head) {
        heads.add(ChainId.of(run), head);
    }

    /** The run's trail must hold an event with this number and hash, as {@code status} shows them. */
    public void expectHead(RunId run, long sequence, Digest hash) {
        heads.add(ChainId.of(run), sequence, hash);
    }

    /** The chain must hold this event. */
    public void expectHead(ChainId chain, String incarnation, long sequence, Digest hash) {
        heads.add(chain, incarnation, sequence, hash);
    }

    /** Some run's trail must hold an event with this hash. */
    public void expectHead(Digest hash) {
        heads.add(hash);
    }

    /** What is wrong with what was added so far; to be called once. */
    public AuditReport report() {
        NavigableMap<Integer, AuditRecord> unplaced = new TreeMap<>();
        placement.placeUnsound(unsound).forEach(record -> unplaced.put(record.line(), record));
        Map<ChainId, RunCheck> runs = new LinkedHashMap<>();
        placement
                .runs()
                .forEach((run, segments) -> runs.put(run, new RunCheck(run, segments.values(), unplaced, heads)));
        List<AuditProblem> problems = new ArrayList<>();
        List<ChainId> endsNamed = new ArrayList<>();
        unplaced.values().forEach(record -> problems.add(unplacedProblem(record, runs, endsNamed)));
        checkHeads(runs, endsNamed, problems);
        List<AuditProblem> all = new ArrayList<>();
        runs.values().forEach(run -> all.addAll(run.problems()));
        all.addAll(problems);
        long events = runs.values().stream().mapToLong(RunCheck::events).sum();
        Digest head = runs.size() == 1 ? runs.values().iterator().next().head().orElse(null) : null;
        int ofRuns = Math.toIntExact(
                runs.keySet().stream().filter(chain -> chain.run().isPresent()).count());
        return new AuditReport(all.isEmpty(), ofRuns, events, head, all);
    }

    /** A record that nobody can read stands in no chain; after a run's last event it is the run's next one. */
    private AuditProblem unplacedProblem(AuditRecord record, Map<ChainId, RunCheck> runs, List<ChainId> endsNamed) {
        String place = record.place();
        ChainId run = record.ofTopic() ? record.owner().orElse(null) : nearest(record, runs);
        RunCheck check = run == null ? null : runs.get(run);
        if (run == null || check == null || !check.endsBefore(record.line())) {
            return new AuditProblem(Kind.ALTERED, run, null, place + " is no audit event: " + record.flaw());
        }
        long sequence =
                check.nextSequence() + endsNamed.stream().filter(run::equals).count();
        endsNamed.add(run);
        if (record.line() == cutLine) {
            return new AuditProblem(Kind.TRUNCATED, run, sequence, place + " is cut off in the middle");
        }
        return new AuditProblem(
                Kind.ALTERED, run, sequence, place + ", after the run's last event, is altered: " + record.flaw());
    }

    private static @Nullable ChainId nearest(AuditRecord record, Map<ChainId, RunCheck> runs) {
        return runs.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().lineBefore(record.line())))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private void checkHeads(Map<ChainId, RunCheck> runs, List<ChainId> endsNamed, List<AuditProblem> problems) {
        Set<@Nullable ChainId> named = problems.stream().map(AuditProblem::run).collect(Collectors.toSet());
        heads.ofRuns().forEach((run, head) -> {
            RunCheck check = runs.get(run);
            if (check == null && !named.contains(run)) {
                problems.add(new AuditProblem(Kind.TRUNCATED, run, 1L, "there is no event of " + run));
            } else if (check != null
                    && !endsNamed.contains(run)
                    && !check.holds(record -> heads.vouchFor(run, record))) {
                check.headIsAbsent(head.incarnation(), head.sequence(), head.hash());
            }
        });
        for (Digest hash : heads.loose()) {
            boolean found =
                    runs.values().stream().anyMatch(check -> check.holds(record -> record.mayHaveHash(hash.value())));
            if (found || !endsNamed.isEmpty()) {
                continue;
            }
            if (runs.size() == 1) {
                runs.values().iterator().next().headIsAbsent(null, null, hash);
            } else {
                problems.add(new AuditProblem(Kind.TRUNCATED, null, null, "no event has the hash " + hash));
            }
        }
    }
}
