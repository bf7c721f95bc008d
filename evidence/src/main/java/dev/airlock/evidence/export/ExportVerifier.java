package dev.airlock.evidence.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.checkpoint.CheckpointStore;
import dev.airlock.evidence.checkpoint.CheckpointedTrail;
import dev.airlock.evidence.checkpoint.SignedSize;
import dev.airlock.evidence.merkle.VerifyingKey;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Verifies what {@link TrailExport} wrote, with the checkpoints and the key that are in it, or with a key from elsewhere. Needs
 * no server. Without a key from elsewhere it says that the export fits together, not who made it.
 *
 * <p>Good for one report.
 */
public final class ExportVerifier {
    /** The checkpoints, from the first to the newest, as a git bundle. */
    public static final String HISTORY = "checkpoints.bundle";

    static final String KEY = "key";

    private static final Pattern NOTE = Pattern.compile("checkpoint-(0|[1-9][0-9]{0,5})");
    private static final int LARGEST_NOTE = 64 * 1024;

    private final ExportFiles files;
    private final Histories histories;
    private final List<String> expected = new ArrayList<>();
    private final List<Digest> heads = new ArrayList<>();
    private final Map<Integer, byte[]> notes = new TreeMap<>();
    private final List<String> chains = new ArrayList<>();
    private final Proofs proofs = new Proofs();
    private final List<AuditProblem> problems = new ArrayList<>();
    private @Nullable VerifyingKey given;
    private @Nullable VerifyingKey contained;
    private @Nullable CheckpointStore history;
    private boolean whole;

    /** Opens the history of checkpoints that is in an export. */
    @FunctionalInterface
    public interface Histories {
        /** @throws IOException if it is none */
        CheckpointStore open(InputStream bundle) throws IOException;
    }

    public ExportVerifier(ExportFiles files, Histories histories) {
        this.files = files;
        this.histories = histories;
    }

    /** Only what this key signed counts, whatever key is in the export. */
    public ExportVerifier trust(VerifyingKey key) {
        given = key;
        return this;
    }

    /** The history of checkpoints must hold this one. */
    public ExportVerifier expect(String commit) {
        expected.add(commit);
        return this;
    }

    /** The one trail that is in the export must hold an event with this hash. */
    public ExportVerifier expectHead(Digest hash) {
        heads.add(hash);
        return this;
    }

    /** @throws IOException if the files cannot be read, or are no export */
    public AuditReport verify() throws IOException {
        files.each(this::look);
        if (!whole && chains.isEmpty()) {
            throw new IOException("no export of audit trails: neither records-N.ndjson nor RUN.ndjson is there");
        }
        boolean keyless = given != null && notes.isEmpty();
        if (keyless || (!expected.isEmpty() && history == null)) {
            problems.add(of(Kind.TRUNCATED, "there is no signed checkpoint in the export"));
        }
        try {
            return whole ? topic() : chains();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The key that is in the export, if it was what the notes were verified with. */
    public @Nullable VerifyingKey ownKey() {
        return given == null && !notes.isEmpty() ? contained : null;
    }

    /** Whether there is a checkpoint in it at all. */
    public boolean isSigned() {
        return !notes.isEmpty();
    }

    private List<VerifyingKey> keys() {
        VerifyingKey key = given == null ? contained : given;
        return key == null ? List.of() : List.of(key);
    }

    private void look(String name, InputStream content) throws IOException {
        Matcher note = NOTE.matcher(name);
        if (note.matches()) {
            notes.put(Integer.parseInt(note.group(1)), content.readNBytes(LARGEST_NOTE));
        } else if (name.equals(KEY)) {
            contained = key(content.readNBytes(LARGEST_NOTE));
        } else if (name.equals(HISTORY)) {
            open(content);
        } else if (name.equals(Proofs.FILE)) {
            proofs.read(content);
        } else if (ExportedRecords.isOne(name)) {
            whole = true;
        } else if (ExportedChain.isOne(name)) {
            chains.add(name);
        }
    }

    private @Nullable VerifyingKey key(byte[] text) {
        try {
            return VerifyingKey.parse(new String(text, UTF_8));
        } catch (IllegalArgumentException e) {
            problems.add(of(Kind.ALTERED, "the file key holds no key"));
            return null;
        }
    }

    private void open(InputStream bundle) {
        try {
            history = histories.open(bundle);
        } catch (IOException e) {
            problems.add(of(Kind.ALTERED, HISTORY + " is not the history of checkpoints: " + e.getMessage()));
        }
    }

    /** All partitions. */
    private AuditReport topic() throws IOException {
        CheckpointStore store = history == null ? new NoCheckpoints() : history;
        CheckpointedTrail trail = new CheckpointedTrail(new ExportedRecords(files), store, keys()).exported();
        if (history != null) {
            expected.forEach(trail::expect);
        }
        AuditReport report = trail.verify();
        compareNotes(store);
        return with(report, problems, report.checkpoint());
    }

    /** A note stands beside the records so that it can be read without git; it is the newest of the history. */
    private void compareNotes(CheckpointStore store) throws IOException {
        String tip = store.tip().orElse(null);
        if (tip == null) {
            if (!notes.isEmpty() && problems.isEmpty()) {
                problems.add(of(Kind.TRUNCATED, HISTORY + " is not in the export"));
            }
            return;
        }
        for (Map.Entry<Integer, byte[]> note : notes.entrySet()) {
            byte[] newest =
                    store.read(tip, "audit/" + note.getKey() + "/checkpoint").orElse(new byte[0]);
            if (!Arrays.equals(newest, note.getValue())) {
                problems.add(of(Kind.ALTERED, "checkpoint-" + note.getKey() + " is not the newest of " + HISTORY));
            }
        }
    }

    /** Some chains, each with proofs. */
    private AuditReport chains() throws IOException {
        if (!heads.isEmpty() && chains.size() > 1) {
            throw new IOException("a head can be expected of one trail only, and here are " + chains.size());
        }
        Map<Integer, SignedSize> signed = signed();
        List<AuditReport> reports = new ArrayList<>();
        files.each((name, content) -> {
            if (ExportedChain.isOne(name)) {
                ExportedChain chain = new ExportedChain(name, proofs, signed);
                reports.add(chain.verify(content, heads));
            }
        });
        List<AuditProblem> all = new ArrayList<>();
        reports.forEach(report -> all.addAll(report.problems()));
        all.addAll(problems);
        Digest head = reports.size() == 1 ? reports.getFirst().head() : null;
        int runs = reports.stream().mapToInt(AuditReport::runs).sum();
        long events = reports.stream().mapToLong(AuditReport::events).sum();
        return new AuditReport(all.isEmpty(), runs, events, head, all, null);
    }

    private Map<Integer, SignedSize> signed() {
        Map<Integer, SignedSize> signed = new TreeMap<>();
        notes.forEach((partition, note) -> SignedSize.of(note, partition, keys())
                .ifPresentOrElse(
                        size -> signed.put(partition, size),
                        () -> problems.add(of(
                                Kind.ALTERED,
                                "checkpoint-" + partition + " is not signed with "
                                        + (given == null ? "the key that is in the export" : "the key " + given)))));
        return signed;
    }

    private static AuditReport with(
            AuditReport report, List<AuditProblem> more, AuditReport.@Nullable Anchor checkpoint) {
        List<AuditProblem> all = new ArrayList<>(report.problems());
        all.addAll(more);
        return new AuditReport(all.isEmpty(), report.runs(), report.events(), report.head(), all, checkpoint);
    }

    private static AuditProblem of(Kind kind, String detail) {
        return new AuditProblem(kind, (ChainId) null, null, detail);
    }
}
