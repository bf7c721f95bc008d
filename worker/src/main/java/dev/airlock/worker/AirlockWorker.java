package dev.airlock.worker;

import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import dev.airlock.activities.sandbox.SandboxActivitiesImpl;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.session.SessionActivitiesImpl;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.platform.wiring.StrictInjector;
import dev.airlock.worker.telemetry.TelemetryInterceptor;
import dev.airlock.workflows.sandbox.EngineIdentity;
import io.temporal.client.WorkflowClient;
import java.util.Set;

/**
 * One worker process: serves the workflows, and the sandboxes of this host.
 *
 * <p>Closing it in order detaches from running sandboxes without ending them; the next worker of this host adopts them.
 */
public final class AirlockWorker implements AutoCloseable {
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
        return start(config, Telemetry.off());
    }

    /** The same, telling what it does; whoever made the telemetry closes it afterwards. */
    public static AirlockWorker start(WorkerConfig config, Telemetry telemetry) {
        Lifecycle lifecycle = new Lifecycle();
        try {
            SandboxModule sandbox = SandboxModule.open(config, lifecycle);
            Injector injector = StrictInjector.create(
                    new StateModule(config, lifecycle, telemetry),
                    sandbox,
                    new SessionModule(),
                    new ValidateModule(),
                    new ReviewModule(),
                    new EventModule(),
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
        Set<ActivityBinding> bindings = injector.getInstance(Key.get(new TypeLiteral<Set<ActivityBinding>>() {}));
        WorkflowClient client = injector.getInstance(TemporalClients.class).client();
        TelemetryInterceptor watch = new TelemetryInterceptor(injector.getInstance(Telemetry.class));
        TaskServer server = lifecycle.register(
                config.endpoints().temporal().inMemory()
                        ? TaskServer.onMemory(client, bindings, config.sandboxSlots(), watch)
                        : new TaskServer(client, bindings, config.sandboxSlots(), watch));
        lifecycle.register(injector.getInstance(SandboxActivitiesImpl.class));
        lifecycle.register(injector.getInstance(SessionActivitiesImpl.class));
        server.start();
        lifecycle.register(injector.getInstance(HostSweep.class)).start();
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
