package dev.airlock.cli.doctor;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.hostile.Verdict;
import dev.airlock.activities.sandbox.BubblewrapFacts;
import dev.airlock.activities.sandbox.DockerFacts;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.kafka.TopicFacts;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.temporal.TemporalFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A machine on which everything is well, until a test says otherwise. */
final class FakeSources implements Sources {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final Endpoints ENDPOINTS = new Endpoints(
            Endpoints.SCHEMA,
            true,
            17,
            "abc",
            new Endpoints.Temporal("127.0.0.1:7233", "real", null),
            new Endpoints.Kafka("127.0.0.1:9092", "embedded"),
            null,
            "/state");

    Callable<MachineFacts> machine = () -> new MachineFacts(
            Runtime.Version.parse("25.0.1"),
            Optional.of(Path.of("/usr/bin/cc")),
            true,
            Optional.of(Path.of("/bin/temporal")),
            NOW.minusSeconds(60),
            NOW);
    Callable<StateFacts> state = () -> state("", 10L << 30, ENDPOINTS);
    Callable<DockerFacts> docker =
            () -> docker("29.5.1", "1.3.4", List.of("name=seccomp,profile=default", "name=apparmor", "name=userns"));
    Callable<Optional<BubblewrapFacts>> bubblewrap = () -> Optional.of(tried(null));
    Callable<Optional<Integer>> cgroups = () -> Optional.of(2);
    Callable<List<CaseResult>> attempts = () -> List.of(
            new CaseResult("init-mem", "process-1", Verdict.CONTAINED, "8 attempts refused", null, 300),
            new CaseResult("unshare", "privilege", Verdict.CONTAINED, "8 attempts refused", null, 300));
    Callable<TemporalFacts> temporal = () -> new TemporalFacts("1.29.1", Duration.ofDays(30), List.of());
    Callable<KafkaFacts> kafka = () -> kafka(Map.of());

    /**
     * All topics on three brokers, as they should be.
     *
     * @param otherwise settings by topic and name, {@code TOPIC/NAME}; also {@code partitions}, {@code replicas}, {@code behind}
     */
    static KafkaFacts kafka(Map<String, String> otherwise) {
        return new KafkaFacts(
                3,
                Topics.names().stream().map(name -> topic(name, otherwise)).toList(),
                List.of(),
                NOW.minusSeconds(5));
    }

    static TopicFacts topic(String name, Map<String, String> otherwise) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "cleanup.policy",
                "delete",
                "min.insync.replicas",
                "2",
                "unclean.leader.election.enable",
                "false",
                "retention.ms",
                name.equals(Topics.AUDIT) || name.equals(Topics.DEAD_LETTERS) ? "-1" : "604800000",
                "retention.bytes",
                "-1",
                "message.timestamp.type",
                name.equals(Topics.AUDIT) || name.equals(Topics.REQUESTS) ? "LogAppendTime" : "CreateTime",
                "partitions",
                "4",
                "replicas",
                "3",
                "behind",
                "0"));
        otherwise.forEach((key, value) -> {
            if (key.startsWith(name + "/")) {
                settings.put(key.substring(name.length() + 1), value);
            }
        });
        return new TopicFacts(
                name,
                Integer.parseInt(settings.get("partitions")),
                Integer.parseInt(settings.get("replicas")),
                Integer.parseInt(settings.get("behind")),
                settings);
    }

    static StateFacts state(String trouble, long free, Endpoints endpoints) {
        return new StateFacts(Path.of("/state"), true, trouble, free, Optional.of(endpoints), "");
    }

    static StateFacts idle() {
        return new StateFacts(Path.of("/state"), false, "", 10L << 30, Optional.empty(), "");
    }

    static DockerFacts docker(String version, String runc, List<String> security) {
        return new DockerFacts(
                "unix:///run/docker.sock", "Engine", version, runc, security, List.of(), Duration.ofMillis(20));
    }

    static BubblewrapFacts tried(@Nullable String refusal) {
        return new BubblewrapFacts(Path.of("/usr/bin/bwrap"), "bubblewrap 0.11.0", true, refusal);
    }

    @Override
    public MachineFacts machine() {
        return ask(machine);
    }

    @Override
    public StateFacts state() {
        return ask(state);
    }

    @Override
    public DockerFacts docker(Duration limit) {
        return ask(docker);
    }

    @Override
    public Optional<BubblewrapFacts> bubblewrap(Duration limit) {
        return ask(bubblewrap);
    }

    @Override
    public Optional<Integer> cgroups() {
        return ask(cgroups);
    }

    @Override
    public List<CaseResult> attempts(Optional<String> engine) {
        return ask(attempts);
    }

    @Override
    public TemporalFacts temporal(String target, Duration limit) {
        return ask(temporal);
    }

    @Override
    public KafkaFacts kafka(Endpoints.Kafka cluster, Duration limit) {
        return ask(kafka);
    }

    private static <T> T ask(Callable<T> source) {
        try {
            return source.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
