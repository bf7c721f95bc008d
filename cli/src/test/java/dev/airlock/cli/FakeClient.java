package dev.airlock.cli;

import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.decision.Decided;
import dev.airlock.starter.decision.Taken;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.output.OutputChunk;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.output.OutputSink;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.review.ReviewFile;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.RunSummary;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.starter.run.Waited;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.Extend;
import dev.airlock.workflows.change.Retry;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers with samples, remembers what it was asked, and fails when told to. */
final class FakeClient implements AirlockClient {
    final List<Object> asked = new ArrayList<>();

    @Nullable
    RuntimeException failure;

    boolean reached = true;

    List<RunSummary> runs = Samples.list().items();

    /** What one look after the other sees; the last one stays. */
    final Deque<RunStatus> statuses = new ArrayDeque<>(List.of(Samples.status()));

    byte[] output = "hello\n".getBytes(StandardCharsets.UTF_8);

    private <T> T answer(Object question, T answer) {
        asked.add(question);
        if (failure != null) {
            throw failure;
        }
        return answer;
    }

    Object last() {
        return asked.getLast();
    }

    static FakeClient failing(AirlockException failure) {
        FakeClient client = new FakeClient();
        client.failure = failure;
        return client;
    }

    @Override
    public Pushed push(PushRequest request) {
        return answer(request, new Pushed(Samples.RUN, true, Samples.BASE, RunState.RUNNING, "ticket-1"));
    }

    @Override
    public RunStatus status(RunId run) {
        return answer(run, seen());
    }

    private RunStatus seen() {
        return statuses.size() > 1 ? statuses.remove() : statuses.element();
    }

    @Override
    public RunList runs(RunFilter filter) {
        return answer(filter, filter.page() == null ? new RunList(runs, "bmV4dA") : new RunList(List.of(), null));
    }

    @Override
    public Waited await(RunId run, WaitFor what, @Nullable Duration timeout) {
        return answer(timeout == null ? what : List.of(what, timeout), new Waited(seen(), reached));
    }

    @Override
    public ReviewFile review(RunId run) {
        return answer(run, Samples.review());
    }

    @Override
    public void output(OutputRequest request, OutputSink sink) {
        answer(request, request);
        try {
            sink.accept(new OutputChunk("test", 2, request.offset(), output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Decided decide(RunId run, Decision decision) {
        return answer(decision, new Decided("d-1", true, RunState.RUNNING));
    }

    @Override
    public Taken cancel(RunId run, Cancel cancel) {
        return answer(cancel, new Taken(run, RunState.ENDED, null));
    }

    @Override
    public Taken retry(RunId run, Retry retry) {
        return answer(retry, new Taken(Samples.OTHER_RUN, RunState.RUNNING, run));
    }

    @Override
    public Taken extend(RunId run, Extend extend) {
        return answer(extend, new Taken(run, RunState.WAITING_REVIEW, null));
    }
}
