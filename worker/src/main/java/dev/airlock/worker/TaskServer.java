package dev.airlock.worker;

import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.worker.telemetry.TelemetryInterceptor;
import dev.airlock.workflows.change.ChangeWorkflowImpl;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.session.SandboxWorkflowImpl;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Takes workflow and activity tasks from Temporal. Whoever closes it lets what runs end, for ten seconds at most. */
public final class TaskServer implements AutoCloseable {
    /** A workflow cached on a dead worker waits this long for it, before another one takes over. */
    private static final Duration STICKY = Duration.ofSeconds(1);

    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final int CACHED_RUNS = 200;

    private final Lifecycle lifecycle = new Lifecycle();
    private final WorkerFactory factory;
    private final int sandboxSlots;
    private final Duration sticky;

    /**
     * On a server that notices a dead worker; polls nothing before {@link #start()}.
     *
     * @param sandboxSlots sandboxes at a time
     */
    public TaskServer(WorkflowClient client, Collection<ActivityBinding> bindings, int sandboxSlots) {
        this(client, bindings, sandboxSlots, new TelemetryInterceptor(Telemetry.off()));
    }

    /** The same, watched. */
    public TaskServer(
            WorkflowClient client, Collection<ActivityBinding> bindings, int sandboxSlots, TelemetryInterceptor watch) {
        this(client, bindings, sandboxSlots, watch, STICKY);
    }

    private TaskServer(
            WorkflowClient client,
            Collection<ActivityBinding> bindings,
            int sandboxSlots,
            TelemetryInterceptor watch,
            Duration sticky) {
        this.sandboxSlots = sandboxSlots;
        this.sticky = sticky;
        HeartbeatInterceptor heartbeats = lifecycle.register(new HeartbeatInterceptor());
        this.factory = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setWorkflowCacheSize(CACHED_RUNS)
                        .setUsingVirtualWorkflowThreads(true)
                        .setWorkerInterceptors(heartbeats, watch)
                        .build());
        Map<String, Worker> workers = new HashMap<>();
        for (ActivityBinding binding : bindings) {
            for (String queue : binding.queues()) {
                worker(workers, queue).registerActivitiesImplementations(binding.activities());
            }
        }
        worker(workers, TaskQueues.MAIN)
                .registerWorkflowImplementationTypes(ChangeWorkflowImpl.class, SandboxWorkflowImpl.class);
        lifecycle.register(this::drain);
    }

    /**
     * On the service in memory, which would wait for a dead worker for ever: so no task is kept for this one, and any other
     * can take it.
     */
    static TaskServer onMemory(
            WorkflowClient client, Collection<ActivityBinding> bindings, int sandboxSlots, TelemetryInterceptor watch) {
        return new TaskServer(client, bindings, sandboxSlots, watch, Duration.ZERO);
    }

    private Worker worker(Map<String, Worker> workers, String queue) {
        return workers.computeIfAbsent(queue, name -> factory.newWorker(name, options(name)));
    }

    /** Few pollers: a long poll each, and this engine starts tens of tasks a second, not thousands. */
    private WorkerOptions options(String queue) {
        WorkerOptions.Builder options = WorkerOptions.newBuilder()
                .setStickyQueueScheduleToStartTimeout(sticky)
                .setMaxConcurrentActivityTaskPollers(queue.equals(TaskQueues.MAIN) ? 2 : 1)
                .setMaxConcurrentWorkflowTaskPollers(2)
                .setAllowActivityHeartbeatDuringShutdown(true)
                .setUsingVirtualThreadsOnLocalActivityWorker(true);
        if (queue.startsWith(TaskQueues.SANDBOX)) {
            options.setMaxConcurrentActivityExecutionSize(sandboxSlots);
        }
        return options.build();
    }

    /** Begins to poll. */
    public void start() {
        factory.start();
    }

    private void drain() {
        factory.shutdown();
        factory.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        if (!factory.isTerminated()) {
            factory.shutdownNow();
        }
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
