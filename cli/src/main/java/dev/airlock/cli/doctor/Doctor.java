package dev.airlock.cli.doctor;

import dev.airlock.activities.sandbox.BubblewrapFacts;
import dev.airlock.activities.sandbox.DockerFacts;
import dev.airlock.cli.doctor.Sources.MachineFacts;
import dev.airlock.cli.doctor.Sources.StateFacts;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.temporal.TemporalFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks everything at once, each within its own limit, and then judges. */
final class Doctor {
    /** How long the disk may take to tell where the servers are; all else is asked after that. */
    private static final Duration LOCAL = Duration.ofMillis(1500);

    private final Sources sources;
    private final Duration limit;

    /** @param limit of each answer from elsewhere */
    Doctor(Sources sources, Duration limit) {
        this.sources = sources;
        this.limit = limit;
    }

    /** @param setting what the environment says; what serves now is found out here */
    List<Check> examine(Setting setting) {
        Instant wall = Instant.now();
        long monotonic = System.nanoTime();
        Asked.Question<DockerFacts> docker =
                setting.demands("bubblewrap") ? null : Asked.ask("docker", limit, () -> sources.docker(shorter(limit)));
        Asked.Question<Optional<BubblewrapFacts>> bubblewrap =
                Asked.ask("bubblewrap", limit, () -> sources.bubblewrap(shorter(limit)));
        Asked.Question<Optional<Integer>> cgroups = Asked.ask("cgroups", limit, sources::cgroups);
        Asked.Question<MachineFacts> machine = Asked.ask("machine", limit, sources::machine);
        Asked<StateFacts> state =
                Asked.ask("state", shorter(LOCAL), sources::state).await();
        Setting whole = state instanceof Asked.Told<StateFacts> told
                ? new Setting(
                        setting.temporal(),
                        setting.kafka(),
                        setting.engine(),
                        told.value().endpoints())
                : setting;
        Asked.Question<TemporalFacts> temporal = whole.temporalTarget()
                .map(target -> Asked.ask("temporal", limit, () -> sources.temporal(target, shorter(limit))))
                .orElse(null);
        Asked.Question<KafkaFacts> kafka = whole.kafkaBootstrap()
                .map(bootstrap -> Asked.ask("kafka", limit, () -> sources.kafka(bootstrap, shorter(limit))))
                .orElse(null);
        Asked<MachineFacts> here = machine.await();
        Asked<DockerFacts> daemon = docker == null ? new Asked.Nobody<>() : docker.await();
        Asked<KafkaFacts> topics = kafka == null ? new Asked.Nobody<>() : kafka.await();
        List<Check> checks = new ArrayList<>(MachineChecks.of(here));
        checks.addAll(EngineChecks.of(whole, daemon, bubblewrap.await(), cgroups.await()));
        checks.addAll(
                TemporalChecks.of(whole, temporal == null ? new Asked.Nobody<>() : temporal.await(), here, topics));
        checks.addAll(KafkaChecks.of(whole, topics));
        checks.addAll(StateChecks.of(state));
        Duration drift = Duration.between(wall, Instant.now()).minusNanos(System.nanoTime() - monotonic);
        checks.add(ClockCheck.of(here, daemon, topics, drift));
        return List.copyOf(checks);
    }

    /** Who is asked gives up a little before we do, so that its own words come first. */
    private static Duration shorter(Duration whole) {
        return whole.multipliedBy(9).dividedBy(10);
    }
}
