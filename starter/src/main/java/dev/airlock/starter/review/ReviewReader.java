package dev.airlock.starter.review;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.egress.EgressDocument;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.validate.Finding;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Puts together what a review is about, from the evidence document on: nothing is shown that it does not name. */
public final class ReviewReader {
    private static final long MOST_DIFF = 4L << 20;
    private static final int MOST_DOCUMENT = 4 << 20;
    private static final int TAIL = 16 << 10;

    private final Workspaces workspaces;
    private final ArtifactStore artifacts;

    public ReviewReader(Workspaces workspaces, ArtifactStore artifacts) {
        this.workspaces = workspaces;
        this.artifacts = artifacts;
    }

    /** @throws AirlockException {@code NOT_FOUND} when the run has no evidence, {@code TAMPERED} when it was altered */
    public ReviewFile read(RunStatus status) {
        Digest digest = status.evidence();
        if (digest == null) {
            throw new AirlockException(
                    ErrorCode.NOT_FOUND,
                    status.run() + " has no evidence: its state is " + status.state(),
                    status.run().value(),
                    "`airlock wait " + status.run() + " --for review` waits for it");
        }
        try (WorkspaceRepository repository = workspaces.open(status.workspace())) {
            Evidence document = Payloads.mapper().readValue(bytes(digest), Evidence.class);
            return new ReviewFile(
                    status.run(),
                    status.state(),
                    digest,
                    document,
                    repository.diff(document.base(), document.candidate(), MOST_DIFF),
                    findings(document),
                    tests(document.tests()));
        } catch (IOException e) {
            throw Translations.of(
                    e, "the evidence of " + status.run(), status.run().value());
        }
    }

    private byte[] bytes(Digest digest) throws IOException {
        try (InputStream in = artifacts.open(digest)) {
            byte[] bytes = in.readNBytes(MOST_DOCUMENT + 1);
            if (bytes.length > MOST_DOCUMENT) {
                throw new AirlockException(
                        ErrorCode.TOO_LARGE, digest + " is over " + MOST_DOCUMENT + " bytes", digest.value(), null);
            }
            return bytes;
        }
    }

    /** What the validators say, and what was not let out of the run's sandboxes. */
    private List<Finding> findings(Evidence document) throws IOException {
        List<Finding> all = new ArrayList<>();
        Digest validated = document.findings();
        if (validated != null) {
            all.addAll(Payloads.mapper().readValue(bytes(validated), new TypeReference<List<Finding>>() {}));
        }
        Digest egress = document.egress();
        if (egress != null) {
            all.addAll(Payloads.mapper()
                    .readValue(bytes(egress), EgressDocument.class)
                    .findings());
        }
        return all;
    }

    private List<ReviewFile.Test> tests(List<Evidence.Test> tests) throws IOException {
        List<ReviewFile.Test> shown = new ArrayList<>();
        for (Evidence.Test test : tests) {
            shown.add(shown(test));
        }
        return shown;
    }

    private ReviewFile.Test shown(Evidence.Test test) throws IOException {
        Long bytes = null;
        String tail = null;
        try {
            bytes = artifacts.size(test.report());
            tail = tail(test.report(), bytes);
        } catch (NoSuchFileException e) {
            // Output may be kept for a shorter time than evidence; the rest is still worth seeing.
        }
        return new ReviewFile.Test(
                test.step(),
                test.attempt(),
                test.exitCode(),
                test.report(),
                test.image(),
                test.engine(),
                test.tier(),
                tail,
                bytes);
    }

    private String tail(Digest report, long size) throws IOException {
        try (InputStream in = artifacts.open(report)) {
            in.skipNBytes(Math.max(0, size - TAIL));
            return new String(in.readNBytes(TAIL), StandardCharsets.UTF_8);
        }
    }
}
