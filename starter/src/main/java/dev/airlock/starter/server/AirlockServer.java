package dev.airlock.starter.server;

import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.TypeLiteral;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.wiring.StrictInjector;
import dev.airlock.starter.abandoned.AbandonedModule;
import dev.airlock.starter.audit.AuditModule;
import dev.airlock.starter.service.ServerConfig;
import dev.airlock.starter.service.ServerService;
import dev.airlock.starter.trigger.TriggerConfig;
import dev.airlock.starter.trigger.TriggerConfig.Unnamed;
import dev.airlock.starter.trigger.TriggerModule;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One server process. Any number of them share the work of an installation; each may be killed at any time.
 *
 * <p>It starts also while Temporal or Kafka is away, and serves once they are there. Closing it ends its parts in reverse
 * order of their start.
 */
public final class AirlockServer implements AutoCloseable {
    private final Lifecycle lifecycle;
    private final Ready ready;
    private final Unnamed unnamed;

    private AirlockServer(Lifecycle lifecycle, Ready ready, Unnamed unnamed) {
        this.lifecycle = lifecycle;
        this.ready = ready;
        this.unnamed = unnamed;
    }

    /**
     * What tells that it serves.
     *
     * @param trigger the topic that it takes requests from
     * @param http address that it answers on; absent when nothing is served there
     * @param metrics where they can be asked for, if a setting says so
     */
    public record Ready(
            boolean ready,
            long pid,
            String trigger,
            @Nullable String http,
            @Nullable String metrics) {}

    /**
     * Starts every part. After a failure nothing is left open.
     *
     * @throws dev.airlock.platform.failure.PlatformException when settings are wrong; all problems are told at once
     */
    public static AirlockServer start(ServerConfig config) {
        Lifecycle lifecycle = new Lifecycle();
        try {
            Injector injector = StrictInjector.create(modules(config, lifecycle));
            Unnamed unnamed = injector.getInstance(TriggerConfig.class).unnamed();
            config.settings().verify();
            Set<ServerService> services = injector.getInstance(Key.get(new TypeLiteral<Set<ServerService>>() {}));
            for (ServerService service : services) {
                lifecycle.register(service).start();
            }
            Ready ready = new Ready(true, ProcessHandle.current().pid(), Topics.REQUESTS, null, metrics(config));
            return new AirlockServer(lifecycle, ready, unnamed);
        } catch (RuntimeException e) {
            lifecycle.close();
            throw e;
        }
    }

    private static @Nullable String metrics(ServerConfig config) {
        return config.telemetry().address().map(URI::toString).orElse(null);
    }

    /** One for each feature that has a part in the server. */
    private static List<Module> modules(ServerConfig config, Lifecycle lifecycle) {
        List<Module> modules = new ArrayList<>();
        modules.add(new ConnectionsModule(config, lifecycle));
        // Closed last, so that its last checkpoint has what the others wrote.
        modules.add(new AuditModule());
        modules.add(new TriggerModule());
        modules.add(new AbandonedModule());
        return modules;
    }

    /** What may be done by sources that no rule names, for a person who has to know it. */
    public String unnamedSources() {
        return switch (unnamed) {
            case ANYTHING ->
                "sources that no trigger.source rule names may start anything"
                        + " (trigger.unnamed-sources=nothing refuses them)";
            case NOTHING -> "sources that no trigger.source rule names may start nothing";
        };
    }

    /** The ready line. */
    public Ready ready() {
        return ready;
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
