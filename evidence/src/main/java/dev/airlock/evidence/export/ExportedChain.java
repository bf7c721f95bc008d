package dev.airlock.evidence.export;

import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.AuditVerifier;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.audit.RecordFacts;
import dev.airlock.evidence.checkpoint.SignedSize;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file of one chain in an export: the chain in itself, and whether its records are those that were signed. */
final class ExportedChain {
    private static final String SUFFIX = ".ndjson";
    private static final Pattern FORM = Pattern.compile("(?:run|server)-[a-z2-7]{26}\\.ndjson");

    private final String chain;
    private final Proofs proofs;
    private final Map<Integer, SignedSize> signed;
    private @Nullable AuditProblem unproved;
    private int line;

    ExportedChain(String file, Proofs proofs, Map<Integer, SignedSize> signed) {
        this.chain = file.substring(0, file.length() - SUFFIX.length());
        this.proofs = proofs;
        this.signed = signed;
    }

    static boolean isOne(String file) {
        return FORM.matcher(file).matches();
    }

    AuditReport verify(InputStream content, List<Digest> heads) throws IOException {
        AuditVerifier verifier = new AuditVerifier();
        heads.forEach(verifier::expectHead);
        int last = signed.isEmpty() ? 0 : proofs.lastLine(chain);
        Lines lines = new Lines(content);
        for (byte[] record = lines.next(); record != null; record = lines.next()) {
            verifier.add(record);
            line++;
            if (line <= last && unproved == null && !proofs.proves(chain, line, record, signed)) {
                unproved = unproved(record);
            }
        }
        AuditReport report = verifier.report();
        AuditProblem more = report.ok() ? problem(last, report) : null;
        return more == null
                ? report
                : new AuditReport(false, report.runs(), report.events(), report.head(), List.of(more), null);
    }

    /** What the chain in itself does not show. */
    private @Nullable AuditProblem problem(int last, AuditReport report) {
        if (unproved != null) {
            return unproved;
        }
        if (line == 0 || line < last) {
            return new AuditProblem(
                    Kind.TRUNCATED,
                    new ChainId(chain),
                    report.events() + 1,
                    "of the " + last + " records of " + chain + " that were signed, " + line + " are there");
        }
        return null;
    }

    private AuditProblem unproved(byte[] record) {
        RecordFacts facts = RecordFacts.of(record);
        return new AuditProblem(
                Kind.ALTERED,
                facts == null ? new ChainId(chain) : facts.chain(),
                facts == null ? null : facts.sequence(),
                "line " + line + " of " + chain + SUFFIX + " is not what was signed");
    }
}
