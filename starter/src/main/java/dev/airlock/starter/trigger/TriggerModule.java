package dev.airlock.starter.trigger;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.platform.temporal.TemporalFacts;
import dev.airlock.starter.deadletter.DeadLetters;
import dev.airlock.starter.push.GuardedDefinitions;
import dev.airlock.starter.push.Pusher;
import dev.airlock.starter.push.RememberedDefinitions;
import dev.airlock.starter.push.Store;
import dev.airlock.starter.service.ServerConfig;
import dev.airlock.starter.service.ServerService;
import dev.airlock.starter.temporal.Claims;
import dev.airlock.starter.temporal.RunActions;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workspace.git.Workspaces;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Requests by Kafka. */
public final class TriggerModule extends AbstractModule {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration PROBE = Duration.ofSeconds(2);

    @Provides
    @Singleton
    TriggerConfig config(ServerConfig config) {
        return TriggerConfig.of(config.settings(), TriggerConfig.Unnamed.byDefault(config.dev()));
    }

    @Provides
    @Singleton
    DeadLetters letters(KafkaClients kafka, ArtifactStore artifacts, ServerConfig config, Lifecycle lifecycle) {
        return lifecycle.register(new DeadLetters(kafka, artifacts, config.installation()));
    }

    @Provides
    @Singleton
    Pusher pusher(ServerConfig config, TemporalClients temporal, Workspaces workspaces, ArtifactStore artifacts) {
        return new Pusher(
                config.installation(),
                new Store(workspaces, artifacts),
                new RememberedDefinitions(
                        new GuardedDefinitions(artifacts, config.state().images())),
                new TemporalRuns(temporal.client()),
                new RunActions(temporal.client(), PATIENCE),
                Pusher.Pins.CANDIDATES);
    }

    @Provides
    @Singleton
    Starts starts(
            ServerConfig server, TriggerConfig config, Pusher pusher, TemporalClients temporal, KafkaClients kafka) {
        Ages ages = new Ages(
                Clock.systemUTC(),
                () -> Optional.ofNullable(
                        TemporalFacts.read(temporal.target(), PROBE).retention()),
                kafka);
        return new Starts(
                pusher, new DedupeClaims(server.installation(), new Claims(temporal.client()), config.window()), ages);
    }

    @ProvidesIntoSet
    ServerService trigger(
            ServerConfig server,
            TriggerConfig config,
            Starts starts,
            Burials burials,
            TemporalClients temporal,
            KafkaClients kafka,
            Workspaces workspaces,
            Lifecycle lifecycle) {
        String group = "airlock-trigger-" + server.installation();
        Peers peers = lifecycle.register(new Peers(kafka, group));
        TemporalRuns runs = new TemporalRuns(temporal.client());
        SourcePolicy policy = new SourcePolicy(config.rules(), config.unnamed());
        TemporalGate gate = new TemporalGate(() -> temporal.probe(PROBE));
        Intake intake = new Intake(
                starts,
                new Tellings(runs, new RunActions(temporal.client(), PATIENCE), policy),
                burials,
                policy,
                new Intake.Bounds(
                        new StartStep.Limits(
                                new Quota(config.quota(), runs::countOpen, peers), new Semaphore(config.parallel())),
                        gate),
                workspaces);
        Telemetry telemetry = server.telemetry();
        return new Trigger(
                () -> kafka.intake("airlock-trigger", group),
                (record, standing) -> telemetry.during(() -> intake.take(record, standing)),
                gate,
                telemetry.trigger());
    }

    @Provides
    @Singleton
    Burials burials(DeadLetters letters, ServerTrail trail) {
        return new Burials(letters, trail);
    }
}
