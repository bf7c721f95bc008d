package dev.airlock.starter.server;

import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.service.ServerService;
import dev.airlock.workflows.change.RunState;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Temporal now and then how many open runs are in which state, for who looks at metrics; else asks nothing. */
final class RunCensus implements ServerService {
    private static final Logger LOG = LoggerFactory.getLogger(RunCensus.class);
    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private final TemporalClients temporal;
    private final Telemetry telemetry;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("run census").factory());

    RunCensus(TemporalClients temporal, Telemetry telemetry) {
        this.temporal = temporal;
        this.telemetry = telemetry;
    }

    @Override
    public void start() {
        if (!telemetry.isOff()) {
            ScheduledFuture<?> unused =
                    timer.scheduleWithFixedDelay(this::count, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void count() {
        try {
            Map<String, Long> states = new TreeMap<>();
            for (RunState state : RunState.values()) {
                if (state != RunState.ENDED) {
                    states.put(state.name(), open(state));
                }
            }
            telemetry.runs().states(states);
        } catch (StatusRuntimeException e) {
            // Old numbers would be wrong ones.
            telemetry.runs().states(Map.of());
            LOG.debug("Temporal does not count runs now: {}", e.getStatus());
        }
    }

    private long open(RunState state) {
        return temporal.stubs()
                .blockingStub()
                .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .countWorkflowExecutions(CountWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .setQuery("WorkflowType = 'ChangeWorkflow' AND ExecutionStatus = 'Running' AND AirlockState = '"
                                + state.name() + "'")
                        .build())
                .getCount();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
