package dev.airlock.starter.run;

import dev.airlock.starter.temporal.RunInfo;
import dev.airlock.starter.temporal.RunPage;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.ChangeResult;
import dev.airlock.workflows.change.ChangeView;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.RunId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What can be seen of runs. Asks the worker while there is one, takes the result once the run has closed, and reads history
 * when neither can answer; so it answers within seconds whatever is up besides Temporal.
 */
public final class StatusReader {
    private final TemporalRuns runs;

    public StatusReader(TemporalRuns runs) {
        this.runs = runs;
    }

    /** @throws dev.airlock.starter.failure.AirlockException {@code NOT_FOUND} */
    public RunStatus status(RunId run) {
        RunInfo info = runs.get(run);
        ChangeRequest request = runs.request(run);
        if (!info.open()) {
            ChangeView last = runs.result(run)
                    .map(ChangeResult::view)
                    .orElseGet(() -> HistoryView.of(runs.history(run), info, request, runs));
            return RunStatus.of(run, request, last, true);
        }
        Optional<ChangeView> told = runs.query(run);
        ChangeView view = told.orElseGet(() -> HistoryView.of(runs.history(run), info, request, runs));
        return RunStatus.of(run, request, view, told.isPresent());
    }

    /** Where the run stands, by one call that needs no worker. */
    public RunState state(RunId run) {
        return States.of(runs.get(run));
    }

    /** @throws dev.airlock.starter.failure.AirlockException {@code USAGE} when the page token is none of ours */
    public RunList list(RunFilter filter) {
        String state = filter.state() == null ? null : filter.state().name();
        RunPage page = runs.list(state, filter.workspace(), filter.size(), filter.page());
        // The server lists open runs before ended ones, and cannot be told otherwise; within a page the start counts.
        List<RunSummary> items = page.items().stream()
                .map(RunSummary::of)
                .sorted(Comparator.comparing(RunSummary::started).reversed())
                .toList();
        return new RunList(items, page.next());
    }
}
