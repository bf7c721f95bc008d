package dev.airlock.workflows.change;

import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.sandbox.SandboxJob;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the pipeline: which step is next, after which end of which step. */
final class Interpreter {
    /** Attempts of one step that the infrastructure may lose in a row before a person is asked. */
    private static final int MOST_LOSSES = 5;

    private final ChangeRequest request;
    private final RunRecord record;
    private final Attendant attendant;
    private final Stages stages;
    private final List<Step> steps;
    private final Map<String, Integer> losses = new TreeMap<>();

    Interpreter(ChangeRequest request, RunRecord record, Attendant attendant, Stages stages) {
        this.request = request;
        this.record = record;
        this.attendant = attendant;
        this.stages = stages;
        this.steps = request.definition().pipeline().steps();
    }

    Ending interpret() {
        SandboxJob.Input feedback = SandboxJob.Input.NONE;
        int next = firstStep();
        while (next < steps.size()) {
            Step step = steps.get(next);
            switch (performUntilKnown(step, feedback)) {
                case StepEnd.Passed passed -> next++;
                case StepEnd.Again again -> pauseIfItKeepsHappening(step);
                case StepEnd.Ends ends -> {
                    return unlessPromoted(ends.ending());
                }
                case StepEnd.Red red -> {
                    int back = generateBefore(next);
                    if (back < 0) {
                        return unlessPromoted(red.otherwise());
                    }
                    feedback = red.feedback();
                    next = back;
                }
            }
        }
        return unlessPromoted(Ending.of(Outcome.REFUSED, "every step passed, and the pipeline has no promote step"));
    }

    private StepEnd performUntilKnown(Step step, SandboxJob.Input feedback) {
        while (true) {
            try {
                return perform(step, feedback);
            } catch (ActivityFailure failure) {
                if (failure.getCause() instanceof CanceledFailure) {
                    throw failure;
                }
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                park(step, String.valueOf(cause.getMessage()));
            }
        }
    }

    private StepEnd perform(Step step, SandboxJob.Input feedback) {
        if (!record.hasContent() && needsContent(step.use())) {
            return new StepEnd.Ends(
                    Ending.of(Outcome.REFUSED, "nothing to work on: no generate step comes before " + step.id()));
        }
        if (!(step.use() instanceof StepUse.Promote)) {
            record.enter(RunState.RUNNING);
        }
        return switch (step.use()) {
            case StepUse.Generate generate -> stages.generate(step, generate, feedback);
            case StepUse.Validate validate -> stages.validate(step, validate);
            case StepUse.Sandbox sandbox -> stages.test(step, sandbox);
            case StepUse.Review review -> stages.review(step, review);
            case StepUse.Promote promote -> stages.promote(step, promote);
            case StepUse.Wait wait -> stages.events().await(step, wait);
            case StepUse.Emit emit -> stages.events().send(step, emit);
        };
    }

    private static boolean needsContent(StepUse use) {
        return switch (use) {
            case StepUse.Generate generate -> false;
            case StepUse.Wait wait -> false;
            case StepUse.Emit emit -> false;
            case StepUse.Validate validate -> true;
            case StepUse.Sandbox sandbox -> true;
            case StepUse.Review review -> true;
            case StepUse.Promote promote -> true;
        };
    }

    /** A step that could not find out does not end the run: somebody retries or cancels. */
    private void park(Step step, String why) {
        StepAttempt at = record.lastAttempt(step);
        record.needsAttention(at, why);
        record.waitsBecause(at.label() + " needs attention: " + why);
        record.enter(RunState.NEEDS_ATTENTION);
        while (true) {
            Message message = attendant.next(RunRecord.now().plus(Duration.ofDays(365)));
            if (message instanceof Message.RetryStep retry && isFor(retry, step)) {
                record.finish(at, Verdict.LOST, null, why);
                record.waitsBecause(null);
                record.enter(RunState.RUNNING);
                retry.accept(record.state());
                return;
            }
            Ending over = message == null ? null : attendant.answer(message);
            if (over != null) {
                throw new RunOver(over);
            }
        }
    }

    private static boolean isFor(Message.RetryStep retry, Step step) {
        return retry.retry().step() == null || retry.retry().step().equals(step.id());
    }

    private void pauseIfItKeepsHappening(Step step) {
        if (losses.merge(step.id(), 1, Integer::sum) % MOST_LOSSES == 0) {
            park(step, "the infrastructure lost " + MOST_LOSSES + " attempts of " + step.id());
        }
    }

    /** @return index of the generate step to go back to, or -1 when there is none or no attempt is left */
    private int generateBefore(int index) {
        if (!stages.mayGenerateAgain()) {
            return -1;
        }
        for (int i = index; i >= 0; i--) {
            if (steps.get(i).use() instanceof StepUse.Generate generate && generate.agent() != null) {
                return i;
            }
        }
        return -1;
    }

    /** A retried run starts at generate if that is what is retried; anything else is validated and tested anew. */
    private int firstStep() {
        Fork fork = request.fork();
        if (fork == null) {
            if (steps.stream().noneMatch(step -> step.use() instanceof StepUse.Generate)) {
                stages.takePushedContent();
            }
            return 0;
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).use() instanceof StepUse.Generate) {
                stages.takeUp(steps.get(i), fork);
                return steps.get(i).id().equals(fork.step()) && generates(steps.get(i)) ? i : i + 1;
            }
        }
        return 0;
    }

    private boolean generates(Step step) {
        return request.source() instanceof ChangeSource.Task
                && step.use() instanceof StepUse.Generate generate
                && generate.agent() != null;
    }

    private Ending unlessPromoted(Ending ending) {
        @Nullable Ending promotion = stages.promotion();
        if (promotion == null) {
            return ending;
        }
        return steps.get(steps.size() - 1).use() instanceof StepUse.Promote
                ? promotion
                : Ending.promoted(promotion.promotedCommit(), promotion.reason() + "; afterwards: " + ending.reason());
    }
}
