package dev.airlock.starter.review;

import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.validate.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a reviewer decides on.
 *
 * @param evidence digest of {@code document}: what an approval names
 * @param diff unified diff from base to candidate, bounded
 */
public record ReviewFile(
        RunId run,
        RunState state,
        Digest evidence,
        Evidence document,
        String diff,
        List<Finding> findings,
        List<Test> tests) {
    public ReviewFile {
        findings = List.copyOf(findings);
        tests = List.copyOf(tests);
    }

    /**
     * A test that passed on exactly this tree.
     *
     * @param tail the end of its output, as text
     * @param bytes length of its whole output; absent when it is no longer kept
     */
    public record Test(
            String step,
            int attempt,
            int exitCode,
            Digest report,
            String image,
            String engine,
            String tier,
            @Nullable String tail,
            @Nullable Long bytes) {}
}
