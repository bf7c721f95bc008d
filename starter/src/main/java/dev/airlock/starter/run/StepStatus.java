package dev.airlock.starter.run;

import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.StepView;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.Limit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one step, as {@code status} shows it. The flat shape is CONTRACT §8's.
 *
 * @param exitCode absent when the attempt ran no command, or a limit ended it
 * @param engine name of what isolated the command; {@code runtime} and {@code tier} say more
 * @param report digest of the command's kept output
 * @param note one line for people
 */
public record StepStatus(
        String id,
        int attempt,
        StepState state,
        @Nullable Verdict verdict,
        @Nullable Integer exitCode,
        @Nullable Limit limit,
        @Nullable String image,
        @Nullable String engine,
        @Nullable String runtime,
        @Nullable String tier,
        @Nullable Digest report,
        @Nullable String note,
        Instant started,
        @Nullable Instant ended) {

    static StepStatus of(StepView step) {
        CommandReport command = step.command();
        return new StepStatus(
                step.id(),
                step.attempt(),
                step.state(),
                step.verdict(),
                command == null ? null : command.exitCode(),
                command == null ? null : command.limit(),
                command == null ? null : command.image(),
                command == null ? null : command.engine().name(),
                command == null ? null : command.engine().runtime(),
                command == null ? null : command.engine().tier(),
                command == null ? null : command.report(),
                step.note(),
                step.started(),
                step.ended());
    }
}
