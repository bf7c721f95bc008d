package dev.airlock.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.hostile.Verdict;
import dev.airlock.activities.sandbox.DockerFacts;
import dev.airlock.cli.Golden;
import dev.airlock.cli.doctor.Check.Status;
import dev.airlock.cli.doctor.Sources.MachineFacts;
import dev.airlock.cli.doctor.Sources.StateFacts;
import dev.airlock.cli.session.Answers;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.temporal.TemporalFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of what the sources say. */
class DoctorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Setting NOTHING =
            new Setting(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private final FakeSources sources = new FakeSources();

    private DoctorCommand.Report report() {
        return report(NOTHING);
    }

    private DoctorCommand.Report report(Setting setting) {
        return DoctorCommand.Report.of(new Doctor(sources, PATIENCE).examine(setting));
    }

    private static Check check(DoctorCommand.Report report, String name) {
        return report.checks().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Check check(String name) {
        return check(report(), name);
    }

    private static <T> Callable<T> refusing(String why) {
        return () -> {
            throw PlatformException.of(PlatformException.Code.UNAVAILABLE, why, "x", "y");
        };
    }

    @Test
    void isContentWhereAllIsWell() throws IOException {
        DoctorCommand.Report report = report();
        assertThat(report.ok()).isTrue();
        assertThat(report.exitCode()).isZero();
        assertThat(report.checks())
                .allMatch(check -> check.status() == Status.OK
                        || check.name().equals("cgroups")
                        || check.name().equals("kafka-replication"));
        Golden.check("doctor", Answers.line(report) + "\n");
    }

    @Test
    void namesTheSameChecksWhateverIsThere() {
        List<String> names = report().checks().stream().map(Check::name).toList();
        sources.machine = refusing("a");
        sources.docker = refusing("b");
        sources.bubblewrap = refusing("c");
        sources.state = refusing("d");
        DoctorCommand.Report broken = report();
        assertThat(broken.checks()).extracting(Check::name).isEqualTo(names);
        assertThat(names).doesNotHaveDuplicates().hasSize(23);
        assertThat(broken.checks())
                .filteredOn(each -> each.status() == Status.WARN || each.status() == Status.FAIL)
                .allSatisfy(each -> assertThat(each.fix()).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void triesWhatASandboxHolds() {
        assertThat(check("sandbox").detail()).isEqualTo("tried: it held 2 hostile programs");
        sources.attempts =
                () -> List.of(new CaseResult("init-mem", "process-1", Verdict.BREACHED, "mem opened", null, 1));
        Check through = check("sandbox");
        assertThat(through.status()).isEqualTo(Status.FAIL);
        assertThat(through.detail()).contains("init-mem (mem opened)");
        assertThat(through.fix()).contains("sandbox selftest");
        sources.attempts = List::of;
        assertThat(check("sandbox").status()).isEqualTo(Status.SKIP);
        sources.attempts = refusing("no engine");
        assertThat(check("sandbox").status()).isEqualTo(Status.WARN);
        sources.docker = refusing("b");
        sources.bubblewrap = refusing("c");
        assertThat(check("sandbox").status()).isEqualTo(Status.SKIP);
    }

    @Test
    void doesNotMissWhatDevStarts() {
        sources.state = FakeSources::idle;
        DoctorCommand.Report report = report();
        assertThat(report.ok()).isTrue();
        assertThat(check(report, "temporal").status()).isEqualTo(Status.SKIP);
        assertThat(check(report, "temporal").detail()).contains("airlock dev");
        assertThat(check(report, "kafka").status()).isEqualTo(Status.SKIP);
        assertThat(check(report, "state-directory").detail()).contains("will be made");
    }

    @Test
    void looksAtWhatTheEnvironmentNames() {
        sources.state = FakeSources::idle;
        sources.temporal = refusing("Temporal at t:1 does not answer");
        sources.kafka = refusing("nothing listens at k:1");
        DoctorCommand.Report report =
                report(new Setting(Optional.of("t:1"), Optional.of("k:1"), Optional.empty(), Optional.empty()));
        assertThat(report.exitCode()).isEqualTo(1);
        assertThat(check(report, "temporal").status()).isEqualTo(Status.FAIL);
        assertThat(check(report, "kafka").detail()).isEqualTo("nothing listens at k:1");
        assertThat(check(report, "kafka-topics").status()).isEqualTo(Status.SKIP);
    }

    @Test
    void needsOneEngineOnly() {
        sources.docker = refusing("no daemon");
        assertThat(check("docker").status()).isEqualTo(Status.SKIP);
        assertThat(report().ok()).isTrue();
        sources.bubblewrap = Optional::empty;
        assertThat(check("docker").status()).isEqualTo(Status.FAIL);
        assertThat(check("bubblewrap").fix()).contains("setup --bubblewrap");
        sources.docker = new FakeSources().docker;
        assertThat(check("bubblewrap").status()).isEqualTo(Status.SKIP);
        assertThat(report().ok()).isTrue();
        sources.docker = refusing("no daemon");
        sources.bubblewrap = new FakeSources().bubblewrap;
        Setting docker = new Setting(Optional.empty(), Optional.empty(), Optional.of("docker"), Optional.empty());
        assertThat(check(report(docker), "docker").status()).isEqualTo(Status.FAIL);
        Setting other = new Setting(Optional.empty(), Optional.empty(), Optional.of("bubblewrap"), Optional.empty());
        assertThat(check(report(other), "docker").status()).isEqualTo(Status.SKIP);
        assertThat(check(report(other), "cgroups").detail()).contains("version 2");
    }

    @Test
    void triesUserNamespaces() {
        sources.bubblewrap = () -> Optional.of(FakeSources.tried("bwrap: setting up uid map: Permission denied"));
        assertThat(check("user-namespaces").status()).isEqualTo(Status.WARN);
        sources.docker = refusing("no daemon");
        assertThat(check("user-namespaces").status()).isEqualTo(Status.FAIL);
        assertThat(check("user-namespaces").detail()).contains("Permission denied");
        sources.bubblewrap = new FakeSources().bubblewrap;
        sources.cgroups = Optional::empty;
        assertThat(check("cgroups").status()).isEqualTo(Status.WARN);
    }

    @ParameterizedTest
    @CsvSource({
        "20.10.24+dfsg1, 1.1.5+ds1, WARN, WARN",
        "29.5.0, 1.2.7, WARN, WARN",
        "29.5.1, 1.2.8, OK, OK",
        "29.10, v1.2.12, OK, OK",
        "30.0.0-rc.1, 1.3.2, OK, WARN",
        "100, 1.3.3, OK, OK",
        "29.5.1, 1.4.0, OK, OK",
        "dev, main, WARN, WARN"
    })
    void knowsDockersHoles(String engine, String runc, Status ofEngine, Status ofRunc) {
        sources.docker = () -> FakeSources.docker(engine, runc, List.of("name=seccomp,profile=default"));
        assertThat(check("docker-engine").status()).isEqualTo(ofEngine);
        assertThat(check("docker-runc").status()).isEqualTo(ofRunc);
        assertThat(check("docker-lsm").status()).isEqualTo(Status.WARN);
        assertThat(check("docker-user-namespaces").status()).isEqualTo(Status.WARN);
        assertThat(report().ok()).isTrue();
    }

    @Test
    void refusesADaemonThatCannotIsolate() {
        sources.docker = () -> new DockerFacts(
                "unix:///x", "Podman Engine", "5", null, List.of(), List.of("no seccomp (build it in)"), null);
        DoctorCommand.Report report = report();
        assertThat(check(report, "docker").status()).isEqualTo(Status.FAIL);
        assertThat(check(report, "docker").fix()).contains("no seccomp");
        assertThat(check(report, "docker-engine").status()).isEqualTo(Status.SKIP);
        assertThat(check(report, "docker-runc").status()).isEqualTo(Status.SKIP);
    }

    @Test
    void refusesARetentionThatForgetsBeforeTheTopicDoes() {
        sources.temporal = () -> new TemporalFacts("1", Duration.ofDays(7), List.of());
        assertThat(check("temporal-retention").status()).isEqualTo(Status.FAIL);
        assertThat(check("temporal-retention").fix()).endsWith("--retention 336h");
        sources.temporal = () -> new TemporalFacts("1", Duration.ofDays(8), List.of());
        assertThat(check("temporal-retention").status()).isEqualTo(Status.OK);
        sources.kafka = () -> FakeSources.kafka(Map.of("airlock.requests/retention.ms", "-1"));
        assertThat(check("temporal-retention").detail()).contains("for ever");
        assertThat(report().exitCode()).isEqualTo(1);
    }

    @Test
    void missesSearchAttributesAndTopics() {
        sources.temporal = () -> new TemporalFacts("", null, List.of("AirlockState"));
        sources.kafka = () -> new KafkaFacts(
                1, List.of(FakeSources.topic("airlock.requests", Map.of())), List.of("airlock.audit"), null);
        assertThat(check("temporal-search-attributes").status()).isEqualTo(Status.FAIL);
        assertThat(check("temporal-search-attributes").fix()).contains("--name AirlockState");
        assertThat(check("temporal-retention").status()).isEqualTo(Status.WARN);
        assertThat(check("kafka-topics").status()).isEqualTo(Status.FAIL);
        sources.state = FakeSources::idle;
        DoctorCommand.Report before =
                report(new Setting(Optional.of("t:1"), Optional.of("k:1"), Optional.empty(), Optional.empty()));
        assertThat(check(before, "temporal-search-attributes").status()).isEqualTo(Status.WARN);
        assertThat(check(before, "kafka-topics").status()).isEqualTo(Status.WARN);
        assertThat(before.ok()).isTrue();
    }

    @Test
    void wantsTheBrokersClockOnRequests() {
        sources.kafka = () -> FakeSources.kafka(Map.of("airlock.requests/message.timestamp.type", "CreateTime"));
        assertThat(check("kafka-timestamps").status()).isEqualTo(Status.FAIL);
        assertThat(check("kafka-timestamps").fix()).contains("message.timestamp.type=LogAppendTime");
        sources.kafka = () -> FakeSources.kafka(Map.of("airlock.verdicts/message.timestamp.type", "LogAppendTime"));
        assertThat(check("kafka-timestamps").status()).isEqualTo(Status.WARN);
    }

    @Test
    void wantsReplicasOutsideOfDevelopment() {
        assertThat(check("kafka-replication").status()).isEqualTo(Status.SKIP);
        assertThat(replication("airlock.audit/replicas", "1", true).status()).isEqualTo(Status.WARN);
        Check alone = replication("airlock.audit/replicas", "1", false);
        assertThat(alone.status()).isEqualTo(Status.FAIL);
        assertThat(alone.detail()).startsWith("airlock.audit: one replica");
        assertThat(replication("airlock.verdicts/min.insync.replicas", "1", false)
                        .status())
                .isEqualTo(Status.FAIL);
        assertThat(replication("airlock.verdicts/min.insync.replicas", "3", false)
                        .detail())
                .contains("stops all writing");
        assertThat(replication("airlock.output/behind", "2", false).detail()).contains("2 partitions lack");
        assertThat(replication("airlock.output/behind", "0", false).status()).isEqualTo(Status.OK);
    }

    private Check replication(String setting, String value, boolean serves) {
        sources.kafka = () -> FakeSources.kafka(Map.of(setting, value));
        Endpoints external = new Endpoints(
                Endpoints.SCHEMA,
                true,
                17,
                "abc",
                FakeSources.ENDPOINTS.temporal(),
                new Endpoints.Kafka("k:1", "external"),
                null,
                "/state");
        sources.state = () -> serves ? FakeSources.state("", 10L << 30, external) : FakeSources.idle();
        return check(
                report(new Setting(Optional.of("t:1"), Optional.of("k:1"), Optional.empty(), Optional.empty())),
                "kafka-replication");
    }

    @Test
    void wantsTheTrailWholeAndRoomToWork() {
        sources.kafka = () ->
                FakeSources.kafka(Map.of("airlock.requests/partitions", "1", "airlock.audit/retention.ms", "86400000"));
        assertThat(check("kafka-partitions").status()).isEqualTo(Status.WARN);
        assertThat(check("kafka-partitions").detail()).startsWith("airlock.requests: fewer than 4");
        assertThat(check("kafka-retention").status()).isEqualTo(Status.FAIL);
        assertThat(check("kafka-retention").detail()).isEqualTo("airlock.audit forgets after 1 day");
        sources.kafka = () -> FakeSources.kafka(Map.of("airlock.requests.dlq/retention.bytes", "1000"));
        assertThat(check("kafka-retention").detail()).contains("past 1000 bytes");
        sources.kafka = () -> FakeSources.kafka(Map.of("airlock.audit/cleanup.policy", "compact,delete"));
        assertThat(check("kafka-retention").status()).isEqualTo(Status.FAIL);
    }

    @Test
    void saysWhatATemporalInMemoryForgets() {
        Endpoints endpoints = new Endpoints(
                Endpoints.SCHEMA,
                true,
                17,
                "abc",
                new Endpoints.Temporal("127.0.0.1:7233", "memory", null),
                new Endpoints.Kafka("127.0.0.1:9092", "embedded"),
                null,
                "/state");
        sources.state = () -> FakeSources.state("", 10L << 30, endpoints);
        sources.temporal = () -> new TemporalFacts("", null, null);
        assertThat(check("temporal").status()).isEqualTo(Status.WARN);
        assertThat(check("temporal-retention").status()).isEqualTo(Status.SKIP);
        assertThat(check("temporal-search-attributes").status()).isEqualTo(Status.SKIP);
        assertThat(report().ok()).isTrue();
    }

    @Test
    void looksAtDiskAndDirectory() {
        sources.state = () -> FakeSources.state("/state may not be written", 100, FakeSources.ENDPOINTS);
        assertThat(check("state-directory").status()).isEqualTo(Status.FAIL);
        assertThat(check("disk").status()).isEqualTo(Status.FAIL);
        assertThat(check("disk").detail()).isEqualTo("0 MiB left for /state");
        sources.state = () -> new StateFacts(
                Path.of("/state"), true, "", 1L << 30, Optional.empty(), "the dev on /state (pid 3) has gone");
        assertThat(check("state-directory").status()).isEqualTo(Status.WARN);
        assertThat(check("disk").status()).isEqualTo(Status.WARN);
    }

    @Test
    void holdsTheClockAgainstWhatOthersWroteDown() {
        assertThat(check("clock").detail()).isEqualTo("agrees with docker's clock and Kafka's newest audit event");
        sources.kafka = () ->
                new KafkaFacts(3, FakeSources.kafka(Map.of()).topics(), List.of(), FakeSources.NOW.plusSeconds(90));
        assertThat(check("clock").detail()).contains("1 min 30 s in the future");
        sources.docker = () -> new DockerFacts(
                "tcp://far:1", "Engine", "29.5.1", "1.3.3", List.of(), List.of(), Duration.ofMinutes(-3));
        assertThat(check("clock").detail()).contains("3 min behind");
        assertThat(check("clock").status()).isEqualTo(Status.WARN);
        sources.machine = () -> new MachineFacts(
                Runtime.Version.parse("21"),
                Optional.empty(),
                false,
                Optional.empty(),
                FakeSources.NOW.plusSeconds(1),
                FakeSources.NOW);
        assertThat(check("clock").status()).isEqualTo(Status.FAIL);
        assertThat(check("compiler").status()).isEqualTo(Status.FAIL);
    }

    @Test
    void doesNotWaitForWhatHangs() {
        CountDownLatch never = new CountDownLatch(1);
        sources.docker = () -> {
            never.await();
            return new FakeSources().docker.call();
        };
        sources.kafka = () -> {
            never.await();
            return new FakeSources().kafka.call();
        };
        sources.machine = () -> {
            never.await();
            return new FakeSources().machine.call();
        };
        long start = System.nanoTime();
        List<Check> checks = new Doctor(sources, Duration.ofSeconds(1)).examine(NOTHING);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        DoctorCommand.Report report = DoctorCommand.Report.of(checks);
        assertThat(check(report, "docker").detail()).contains("hangs").contains("no answer within 1 s");
        assertThat(check(report, "kafka").status()).isEqualTo(Status.FAIL);
        assertThat(check(report, "jdk").detail()).startsWith("could not find out");
        assertThat(report.exitCode()).isEqualTo(1);
        never.countDown();
    }

    @Test
    void exitsWithTwoWhenItCouldNotFindOut() {
        sources.machine = refusing("/proc is not mounted");
        DoctorCommand.Report report = report();
        assertThat(report.ok()).isFalse();
        assertThat(report.exitCode()).isEqualTo(2);
        assertThat(check(report, "jdk").detail()).isEqualTo("could not find out: /proc is not mounted");
    }
}
