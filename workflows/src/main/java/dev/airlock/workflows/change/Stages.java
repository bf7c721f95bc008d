package dev.airlock.workflows.change;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.promote.PromoteActivities.Approval;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workflows.validate.ValidateActivities.ValidateRequest;
import dev.airlock.workflows.validate.ValidateActivities.ValidateResult;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each kind of step does: generate → validate → test → review → promote. */
final class Stages {
    private final ChangeRequest request;
    private final RunRecord record;
    private final Attendant attendant;
    private final Checks checks;
    private final ReviewStage reviews;
    private final PromoteStage promotions;
    private final EventStage events;
    private final Set<String> deaths = new TreeSet<>();
    private int generated;

    Stages(
            ChangeRequest request,
            RunRecord record,
            ReviewDesk desk,
            Attendant attendant,
            Checks checks,
            AuditPump audit,
            EventStage events) {
        this.request = request;
        this.record = record;
        this.attendant = attendant;
        this.checks = checks;
        this.reviews = new ReviewStage(request, record, desk, attendant, checks, audit);
        this.events = events;
        this.promotions = new PromoteStage(request, record, desk, attendant, checks, audit);
    }

    StepEnd generate(Step step, StepUse.Generate use, SandboxJob.Input feedback) {
        return switch (request.source()) {
            case ChangeSource.Candidate pushed -> takeCandidate(step, pushed);
            case ChangeSource.Task task when use.agent() != null -> runAgent(step, use, use.agent(), task, feedback);
            case ChangeSource.Task task ->
                new StepEnd.Ends(Ending.of(Outcome.REFUSED, "step " + step.id() + " has no agent to do the task"));
        };
    }

    StepEnd validate(Step step, StepUse.Validate use) {
        StepAttempt at = record.begin(step, StepState.RUNNING);
        ValidateRequest asked = new ValidateRequest(
                at,
                request.target().workspace(),
                request.target().base(),
                record.content().commit(),
                use);
        ValidateResult result = checks.ask(
                () -> StepOptions.validateAtOnce(at.label()).check(asked),
                () -> StepOptions.validate(at.label()).check(asked));
        record.found(result.findings());
        if (result.blocking() == 0) {
            record.finish(at, Verdict.PASSED, null, result.warnings() == 0 ? null : result.warnings() + " warnings");
            return new StepEnd.Passed();
        }
        String why = result.blocking() + " findings stop the change";
        record.finish(at, Verdict.RED, null, why);
        return new StepEnd.Red(
                new SandboxJob.Input(null, result.findings(), null, null),
                Ending.of(Outcome.REFUSED, at.label() + ": " + why));
    }

    StepEnd test(Step step, StepUse.Sandbox use) {
        StepAttempt at = record.begin(step, StepState.RUNNING);
        CommitId content = record.content().commit();
        SandboxJob job =
                job(at, use.command(), content, SandboxJob.Input.NONE, new SandboxJob.Product(null, use.artifacts()));
        return inSandbox(job, ended -> {
            if (!ended.command().passed()) {
                return red(at, ended.command());
            }
            record.tested(at, ended.command());
            record.finish(at, Verdict.PASSED, ended.command(), null);
            return new StepEnd.Passed();
        });
    }

    StepEnd review(Step step, StepUse.Review use) {
        return reviews.perform(step, use);
    }

    StepEnd promote(Step step, StepUse.Promote use) {
        @Nullable Approval approval = reviews.approval();
        return promotions.perform(step, use, approval);
    }

    EventStage events() {
        return events;
    }

    /** The promotion, once the branch has moved. */
    @Nullable
    Ending promotion() {
        return promotions.done();
    }

    boolean mayGenerateAgain() {
        return request.source() instanceof ChangeSource.Task
                && promotions.done() == null
                && generated < request.definition().pipeline().limits().attempts();
    }

    /** Starts a retried run on the content that the closed one had; its starter has made the ref. */
    void takeUp(Step generate, Fork fork) {
        StepAttempt at = record.begin(generate, StepState.RUNNING);
        record.carry(new Checkpoint(fork.checkpoint(), fork.tree()), at);
        record.finish(at, Verdict.SKIPPED, null, "taken from " + fork.run());
    }

    /** A pipeline without a generate step works on what was pushed; its starter made the ref under this name. */
    void takePushedContent() {
        if (request.source() instanceof ChangeSource.Candidate pushed) {
            record.carry(new Checkpoint(pushed.commit(), pushed.tree()), record.attempt("generate", 1));
        }
    }

    private StepEnd takeCandidate(Step step, ChangeSource.Candidate pushed) {
        StepAttempt at = record.begin(step, StepState.RUNNING);
        record.carry(new Checkpoint(pushed.commit(), pushed.tree()), at);
        record.finish(at, Verdict.PASSED, null, "pushed");
        return new StepEnd.Passed();
    }

    private StepEnd runAgent(
            Step step, StepUse.Generate use, CommandSpec agent, ChangeSource.Task task, SandboxJob.Input feedback) {
        StepAttempt at = record.begin(step, StepState.RUNNING);
        CommitId from = use.fromBase() || !record.hasContent()
                ? request.target().base()
                : record.content().commit();
        SandboxJob.Input input =
                new SandboxJob.Input(task.text(), feedback.findings(), feedback.output(), feedback.reason());
        SandboxJob job = job(
                at, agent, from, input, new SandboxJob.Product(request.origin().author(), List.of()));
        return inSandbox(job, ended -> {
            generated++;
            return generated(at, ended);
        });
    }

    private StepEnd generated(StepAttempt at, SandboxResult.Ended ended) {
        CommandReport command = ended.command();
        if (!command.passed()) {
            return red(at, command);
        }
        if (ended.findings() != null || ended.content() == null) {
            String why = "the agent left files that cannot be taken";
            record.finish(at, Verdict.RED, command, why);
            return new StepEnd.Red(
                    new SandboxJob.Input(null, ended.findings(), command.report(), null),
                    Ending.of(Outcome.REFUSED, at.label() + ": " + why));
        }
        record.carry(ended.content(), at);
        record.finish(at, Verdict.PASSED, command, null);
        return new StepEnd.Passed();
    }

    private StepEnd inSandbox(SandboxJob job, Function<SandboxResult.Ended, StepEnd> judge) {
        StepAttempt at = job.at();
        return switch (attendant.attend(() -> SandboxDispatch.run(job))) {
            case SandboxResult.Ended ended -> judge.apply(ended);
            case SandboxResult.Lost lost -> {
                record.lost(at, lost.detail(), lost.egress());
                yield new StepEnd.Again();
            }
            case SandboxResult.Died died -> died(job, died);
        };
    }

    /** Once may be bad luck. The same files ending their sandbox again are no infrastructure trouble. */
    private StepEnd died(SandboxJob job, SandboxResult.Died died) {
        if (deaths.add(job.at().step() + " " + job.tree().commit())) {
            record.lost(job.at(), died.detail(), died.egress());
            return new StepEnd.Again();
        }
        if (job.product().checkpoint() != null) {
            generated++;
        }
        return red(
                job.at(),
                new CommandReport(null, Limit.SANDBOX_DIED, null, null, died.image(), died.engine(), died.egress()));
    }

    private StepEnd red(StepAttempt at, CommandReport command) {
        String why = command.limit() != null
                ? "ended by its limit " + command.limit()
                : "exit code " + Objects.requireNonNull(command.exitCode(), "neither limit nor exit code");
        record.finish(at, Verdict.RED, command, why);
        @Nullable Digest output = command.report();
        return new StepEnd.Red(
                new SandboxJob.Input(null, null, output, null), Ending.of(Outcome.FAILED, at.label() + ": " + why));
    }

    private SandboxJob job(
            StepAttempt at, CommandSpec command, CommitId files, SandboxJob.Input input, SandboxJob.Product product) {
        SandboxJob.Tree tree = new SandboxJob.Tree(
                request.target().workspace(), request.target().base(), files);
        @Nullable Digest asked = command.network() == null ? null : record.egress();
        return new SandboxJob(
                request.origin().installation(), at, tree, command, input, product, RunRecord.now(), asked);
    }
}
