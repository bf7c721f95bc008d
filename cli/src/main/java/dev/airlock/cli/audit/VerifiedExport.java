package dev.airlock.cli.audit;

import dev.airlock.cli.session.Answers;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.checkpoint.CheckpointStore;
import dev.airlock.evidence.export.ExportFiles;
import dev.airlock.evidence.export.ExportVerifier;
import dev.airlock.evidence.merkle.VerifyingKey;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workspace.git.SystemRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies an export, where neither Kafka nor Temporal nor the installation is. */
final class VerifiedExport implements AutoCloseable {
    private final ExportVerifier verifier;
    private final Answers answers;
    private final @Nullable Digest head;
    private @Nullable Scratch scratch;
    private @Nullable SystemRepository history;

    /** @param key that must have signed, absent for the one in the export */
    VerifiedExport(
            Path from, Answers answers, @Nullable VerifyingKey key, @Nullable Digest head, List<String> checkpoints) {
        this.verifier = new ExportVerifier(ExportFiles.in(from), this::open);
        this.answers = answers;
        this.head = head;
        if (key != null) {
            verifier.trust(key);
        }
        if (head != null) {
            verifier.expectHead(head);
        }
        checkpoints.forEach(verifier::expect);
    }

    private CheckpointStore open(InputStream bundle) throws IOException {
        scratch = Scratch.anywhere();
        history = SystemRepository.ofBundle(bundle, scratch.directory());
        return history;
    }

    AuditReport report() throws IOException {
        AuditReport report = verifier.verify();
        VerifyingKey own = verifier.ownKey();
        if (own != null) {
            answers.note("signed with the key that is in the export: compare it, or give --key. It is " + own);
        } else if (report.ok() && !verifier.isSigned() && head == null) {
            answers.note("there is no signed checkpoint in the export: whether the end was cut off cannot be said");
        }
        return report;
    }

    @Override
    public void close() throws IOException {
        if (history != null) {
            history.close();
        }
        if (scratch != null) {
            scratch.close();
        }
    }
}
