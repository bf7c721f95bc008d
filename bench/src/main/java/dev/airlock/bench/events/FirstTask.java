package dev.airlock.bench.events;

import dev.airlock.bench.lab.Unmeasurable;
import io.temporal.common.converter.EncodedValues;
import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.Workflow;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A workflow of any type that does nothing but tell when its first task is done, so that all before it can be compared. */
public final class FirstTask implements DynamicWorkflow {
    private static final Map<String, CompletableFuture<Long>> SEEN = new ConcurrentHashMap<>();
    private static final long PATIENCE_SECONDS = 30;

    @Override
    public @Nullable Object execute(EncodedValues arguments) {
        seen(Workflow.getInfo().getWorkflowId()).complete(System.nanoTime());
        return null;
    }

    /**
     * The moment, by {@link System#nanoTime()}, of that workflow's first task.
     *
     * @throws Unmeasurable if it does not come within half a minute
     */
    static long await(String workflow) throws Unmeasurable, InterruptedException {
        try {
            return seen(workflow).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Unmeasurable(workflow + " had no first task within " + PATIENCE_SECONDS + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            SEEN.remove(workflow);
        }
    }

    private static CompletableFuture<Long> seen(String workflow) {
        return SEEN.computeIfAbsent(workflow, any -> new CompletableFuture<>());
    }
}
