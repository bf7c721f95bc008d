package dev.airlock.worker;

import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import dev.airlock.activities.sandbox.SandboxActivitiesImpl;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.platform.wiring.StrictInjector;
import dev.airlock.workflows.change.ChangeWorkflowImpl;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.sandbox.EngineIdentity;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One worker process: serves the workflows, and the sandboxes of this host.
 *
 * <p>Closing it in order detaches from running sandboxes without ending them; the next worker of this host adopts them.
 */
public final class AirlockWorker implements AutoCloseable {
    /** A workflow cached on a dead worker waits this long for it, before another one takes over. */
    private static final Duration STICKY = Duration.ofSeconds(1);

    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final int CACHED_RUNS = 200;

    private final Lifecycle lifecycle;
    private final WorkerConfig config;
    private final EngineIdentity engine;

    private AirlockWorker(Lifecycle lifecycle, WorkerConfig config, EngineIdentity engine) {
        this.lifecycle = lifecycle;
        this.config = config;
        this.engine = engine;
    }

    /**
     * Connects to everything and begins to poll. After a failure nothing is left open.
     *
     * @throws dev.airlock.platform.failure.PlatformException when a server or the engine cannot be had
     */
    public static AirlockWorker start(WorkerConfig config) {
        Lifecycle lifecycle = new Lifecycle();
        try {
            SandboxModule sandbox = SandboxModule.open(config, lifecycle);
            Injector injector = StrictInjector.create(
                    new StateModule(config, lifecycle),
                    sandbox,
                    new ValidateModule(),
                    new ReviewModule(),
                    new AuditModule());
            serve(injector, config, lifecycle);
            return new AirlockWorker(
                    lifecycle, config, injector.getInstance(SandboxEngine.class).identity());
        } catch (RuntimeException e) {
            lifecycle.close();
            throw e;
        }
    }

    private static void serve(Injector injector, WorkerConfig config, Lifecycle lifecycle) {
        TemporalClients temporal = injector.getInstance(TemporalClients.class);
        HeartbeatInterceptor heartbeats = lifecycle.register(new HeartbeatInterceptor());
        WorkerFactory factory = WorkerFactory.newInstance(
                temporal.client(),
                WorkerFactoryOptions.newBuilder()
                        .setWorkflowCacheSize(CACHED_RUNS)
                        .setUsingVirtualWorkflowThreads(true)
                        .setWorkerInterceptors(heartbeats)
                        .build());
        Map<String, Worker> workers = new HashMap<>();
        Set<ActivityBinding> bindings = injector.getInstance(Key.get(new TypeLiteral<Set<ActivityBinding>>() {}));
        for (ActivityBinding binding : bindings) {
            for (String queue : binding.queues()) {
                workers.computeIfAbsent(queue, name -> factory.newWorker(name, options(name, config)))
                        .registerActivitiesImplementations(binding.activities());
            }
        }
        workers.computeIfAbsent(TaskQueues.MAIN, name -> factory.newWorker(name, options(name, config)))
                .registerWorkflowImplementationTypes(ChangeWorkflowImpl.class);
        lifecycle.register(() -> stop(factory));
        lifecycle.register(injector.getInstance(SandboxActivitiesImpl.class));
        factory.start();
        lifecycle.register(injector.getInstance(HostSweep.class)).start();
    }

    /** Few pollers: a long poll each, and this engine starts tens of tasks a second, not thousands. */
    private static WorkerOptions options(String queue, WorkerConfig config) {
        WorkerOptions.Builder options = WorkerOptions.newBuilder()
                .setStickyQueueScheduleToStartTimeout(STICKY)
                .setMaxConcurrentActivityTaskPollers(queue.equals(TaskQueues.MAIN) ? 2 : 1)
                .setMaxConcurrentWorkflowTaskPollers(2)
                .setAllowActivityHeartbeatDuringShutdown(true)
                .setUsingVirtualThreadsOnLocalActivityWorker(true);
        if (queue.startsWith(TaskQueues.SANDBOX)) {
            options.setMaxConcurrentActivityExecutionSize(config.sandboxSlots());
        }
        return options.build();
    }

    private static void stop(WorkerFactory factory) {
        factory.shutdown();
        factory.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        if (!factory.isTerminated()) {
            factory.shutdownNow();
        }
    }

    /** What isolates the sandboxes of this host. */
    public EngineIdentity engine() {
        return engine;
    }

    /** Name of this sandbox host. */
    public String host() {
        return config.host();
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
