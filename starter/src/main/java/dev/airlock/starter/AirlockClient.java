package dev.airlock.starter;

import dev.airlock.starter.decision.Decided;
import dev.airlock.starter.decision.Taken;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.output.OutputSink;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.review.ReviewFile;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.starter.run.Waited;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.Extend;
import dev.airlock.workflows.change.Retry;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be asked of runs and done to them, for whichever door the caller came in by.
 *
 * <p>A refusal, and a thing that could not be found out, is an {@link dev.airlock.starter.failure.AirlockException} with its
 * code. Nothing waits for ever unless it is told to. Safe for many threads.
 */
public interface AirlockClient {
    /** Starts a run. Again with the same request id, also after a crash half-way: the same run, and nothing done twice. */
    Pushed push(PushRequest request);

    /** Answers whenever the run is known, also when no worker is up. */
    RunStatus status(RunId run);

    /** One page of runs, from search attributes alone. */
    RunList runs(RunFilter filter);

    /** @param timeout absent means as long as it takes; when it passes, the failure's code is {@code TIMEOUT} */
    Waited await(RunId run, WaitFor what, @Nullable Duration timeout);

    ReviewFile review(RunId run);

    /** Hands over output until there is no more, or, when following, until the attempt has ended. */
    void output(OutputRequest request, OutputSink sink);

    Decided decide(RunId run, Decision decision);

    Taken cancel(RunId run, Cancel cancel);

    /** Of an open run: the step that needs attention again. Of a closed one: a new run that takes up its content. */
    Taken retry(RunId run, Retry retry);

    Taken extend(RunId run, Extend extend);
}
