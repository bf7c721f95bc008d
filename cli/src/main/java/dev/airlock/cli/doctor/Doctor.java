package dev.airlock.cli.doctor;

import dev.airlock.activities.hostile.CaseResult;
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
import org.jspecify.annotations.Nullable;

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
        Local local = new Local(setting);
        Asked<StateFacts> state = local.state.await();
        Setting whole = state instanceof Asked.Told<StateFacts> told
                ? setting.serving(told.value().endpoints())
                : setting;
        Servers servers = new Servers(whole);
        Asked<MachineFacts> machine = local.machine.await();
        Asked<DockerFacts> docker = answer(local.docker);
        Asked<KafkaFacts> kafka = answer(servers.kafka);
        List<Check> checks = new ArrayList<>(MachineChecks.of(machine));
        Asked<Optional<BubblewrapFacts>> bubblewrap = local.bubblewrap.await();
        List<Check> engines = EngineChecks.of(whole, docker, bubblewrap, local.cgroups.await());
        checks.addAll(engines);
        checks.add(AttemptsCheck.of(engines, local.attempts.await()));
        checks.addAll(TemporalChecks.of(whole, answer(servers.temporal), machine, kafka));
        checks.addAll(KafkaChecks.of(whole, kafka));
        checks.addAll(StateChecks.of(state));
        Duration drift = Duration.between(wall, Instant.now()).minusNanos(System.nanoTime() - monotonic);
        checks.add(ClockCheck.of(machine, docker, kafka, drift));
        return List.copyOf(checks);
    }

    private static <T> Asked<T> answer(Asked.@Nullable Question<T> question) {
        return question == null ? new Asked.Nobody<>() : question.await();
    }

    /** What this machine is asked. */
    private final class Local {
        private final Asked.Question<StateFacts> state;
        private final Asked.Question<MachineFacts> machine;
        private final Asked.@Nullable Question<DockerFacts> docker;
        private final Asked.Question<Optional<BubblewrapFacts>> bubblewrap;
        private final Asked.Question<Optional<Integer>> cgroups;
        private final Asked.Question<List<CaseResult>> attempts;

        Local(Setting setting) {
            state = Asked.ask("state", LOCAL, sources::state);
            docker = setting.demands(EngineChecks.BUBBLEWRAP)
                    ? null
                    : Asked.ask("docker", limit, () -> sources.docker(shorter(limit)));
            bubblewrap = Asked.ask("bubblewrap", limit, () -> sources.bubblewrap(shorter(limit)));
            cgroups = Asked.ask("cgroups", limit, sources::cgroups);
            attempts = Asked.ask("attempts", limit, () -> sources.attempts(setting.engine()));
            machine = Asked.ask("machine", limit, sources::machine);
        }
    }

    /** What those are asked who have an address. */
    private final class Servers {
        private final Asked.@Nullable Question<TemporalFacts> temporal;
        private final Asked.@Nullable Question<KafkaFacts> kafka;

        Servers(Setting setting) {
            temporal = setting.temporalTarget()
                    .map(target -> Asked.ask("temporal", limit, () -> sources.temporal(target, shorter(limit))))
                    .orElse(null);
            kafka = setting.cluster()
                    .map(cluster -> Asked.ask("kafka", limit, () -> sources.kafka(cluster, shorter(limit))))
                    .orElse(null);
        }
    }

    /** Who is asked gives up a little before we do, so that its own words come first. */
    private static Duration shorter(Duration whole) {
        return whole.multipliedBy(9).dividedBy(10);
    }
}
