package dev.airlock.workflows.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The digests that a decision is about (CONTRACT §3). The digest of this document's canonical JSON is what is approved.
 * Its shape is frozen: absent members are written as null, new ones need a new schema.
 *
 * @param candidate the checkpoint; its tree is {@code tree}
 * @param patch git patch id over base..candidate, filled in by the activity that seals the document
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Evidence(
        String schema,
        RunId run,
        String workspace,
        String branch,
        CommitId base,
        CommitId candidate,
        TreeId tree,
        @Nullable String patch,
        Digest pipeline,
        @Nullable Digest policy,
        @Nullable Digest findings,
        List<Test> tests,
        @Nullable Digest egress) {
    public static final String SCHEMA = "airlock/evidence/v1";

    public Evidence {
        tests = List.copyOf(tests);
    }

    /** A sandbox step that passed on exactly this tree. */
    public record Test(
            String step, int attempt, int exitCode, Digest report, String image, String engine, String tier) {
        public static Test of(String step, int attempt, int exitCode, Digest report, String image, EngineIdentity on) {
            return new Test(step, attempt, exitCode, report, image, on.name(), on.tier());
        }
    }

    public Evidence withPatch(String patchId) {
        return new Evidence(
                schema, run, workspace, branch, base, candidate, tree, patchId, pipeline, policy, findings, tests,
                egress);
    }
}
