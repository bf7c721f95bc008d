package dev.airlock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.activities.audit.KafkaAuditLog;
import dev.airlock.activities.output.KafkaOutputPublisher;
import dev.airlock.activities.output.OutputDirectory;
import dev.airlock.activities.output.OutputPublisher.Feed;
import dev.airlock.dev.ports.Ports;
import dev.airlock.dev.temporal.MemoryTemporal;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.settings.Settings;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.starter.service.ServerConfig;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.About;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Every part on a cluster with TLS, logins and the ACLs of docs/operations.md, and no others. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredKafkaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SOURCE = "https://orders.example/";
    private static final List<String> USERS = List.of(
            "airlock-worker",
            "airlock-server",
            "airlock-operator",
            "airlock-admin",
            "orders",
            "developers",
            "auditors",
            "stranger");
    private static final String PIPELINE = """
            pipeline: orders
            workspace: orders
            steps:
              - id: generate
                uses: generate
                with: { agent: { run: "true" } }
              - id: review
                uses: review
                needs: [generate]
                with: { approvals: 1, timeout: 2d }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path root;

    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
    private static StateDirectory state;
    private static SecuredBroker broker;
    private static MemoryTemporal temporal;
    private static List<AclBinding> allowed;

    @BeforeAll
    static void start() throws Exception {
        LOG.start();
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(LOG);
        state = new StateDirectory(root.resolve("state")).create();
        Ports ports = new Ports(state);
        broker = SecuredBroker.start(Files.createDirectory(root.resolve("broker")), ports, USERS);
        temporal = MemoryTemporal.start(ports);
        allowed = documented();
        broker.allow(allowed);
    }

    @AfterAll
    static void stop() {
        temporal.close();
        broker.close();
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(LOG);
    }

    private static List<AclBinding> documented() throws IOException {
        Path page = Path.of(System.getProperty("airlock.home", ".."), "docs", "operations.md");
        List<AclBinding> bindings = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("$acls --add")) {
                bindings.addAll(SecuredBroker.acls(line));
            }
        }
        assertThat(bindings).hasSizeGreaterThan(20);
        return bindings;
    }

    @Test
    @Order(1)
    void theAdministratorMakesTheTopicsAndTheDoctorIsContent() throws IOException {
        Shell.Result made = airlock("airlock-admin", "setup", "--topics", "--yes", "--replicas", "1");
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(check("airlock-admin", "kafka").path("status").asText()).isEqualTo("ok");
        assertThat(check("airlock-admin", "kafka-topics").path("status").asText())
                .isEqualTo("ok");
    }

    @Test
    @Order(2)
    void theDoctorSaysThatTheLoginIsRefused() throws IOException {
        Path wrong = broker.properties("stranger", "not-the-password");
        JsonNode refused = check(wrong, "kafka");
        assertThat(refused.path("status").asText()).isEqualTo("fail");
        assertThat(refused.path("detail").asText())
                .contains("refuses the login")
                .doesNotContain("not-the-password");
        assertThat(refused.path("fix").asText()).contains("AIRLOCK_KAFKA_PROPERTIES");

        Path untrusting = Files.writeString(
                root.resolve("untrusting.properties"),
                Files.readString(broker.properties("orders", SecuredBroker.password("orders")))
                        .replaceAll("ssl.*\n", ""));
        assertThat(check(untrusting, "kafka").path("detail").asText()).contains("refuses the login");

        // A name that may log in, and nothing else.
        Shell.Result forbidden = airlock("stranger", "setup", "--topics", "--yes", "--replicas", "1");
        assertThat(forbidden.err()).contains("docs/operations.md");
    }

    @Test
    @Order(3)
    void theServerTakesRequestsWithItsLinesAlone() throws Exception {
        workspace();
        try (AirlockServer server = server()) {
            assertThat(server.unnamedSources()).contains("may start nothing");
            send("orders", request("good", SOURCE));
            send("orders", "poison");
            send("orders", request("refused", "https://elsewhere.example/"));
            await(() -> count(Topics.DEAD_LETTERS) == 2, () -> "letters: " + count(Topics.DEAD_LETTERS));
            await(() -> started("good"), () -> "no run");
        }
        assertThat(texts("auditors", Topics.AUDIT))
                .anyMatch(event -> event.contains("request.refused") && event.contains("NOT_ALLOWED"));
        Shell.Result verified = airlock("auditors", "audit", "verify", "--all");
        assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
        Shell.Result listed = airlock("airlock-operator", "dlq", "list", "-o", "json");
        assertThat(listed.out()).contains("NOT_ALLOWED").contains("NOT_JSON");
        Shell.Result replayed = airlock("airlock-operator", "dlq", "replay", "--all", "--yes", "-o", "json");
        assertThat(replayed.code()).as(replayed.out() + replayed.err()).isZero();
    }

    @Test
    @Order(4)
    void theWorkerWritesWithItsLinesAloneAndDevelopersWatch() throws Exception {
        RunId run = Names.run(state.installation(), SOURCE, "good");
        StepAttempt at = new StepAttempt(run, "generate", 1);
        OutputDirectory directory = new OutputDirectory(state.output());
        try (KafkaAuditLog log = KafkaAuditLog.withVerdicts(
                        broker.as("airlock-worker"),
                        Topics.AUDIT,
                        Topics.VERDICTS,
                        new DirectoryArtifactStore(state.artifacts()));
                KafkaOutputPublisher publisher = new KafkaOutputPublisher(
                                broker.as("airlock-worker"), Topics.OUTPUT, state.installation(), directory)
                        .start()) {
            assertThat(log.append(events(run), "incarnation", PATIENCE, () -> {})
                            .sequence())
                    .isEqualTo(2);
            Files.createDirectories(directory.file(at).getParent());
            Files.writeString(directory.file(at), "printed\n");
            Feed feed = publisher.of(at);
            feed.begin();
            feed.grown(8);
            feed.ended();
            Shell.Result watched = new Shell(new FakeClient())
                    .with("AIRLOCK_KAFKA", broker.bootstrap())
                    .with("AIRLOCK_KAFKA_PROPERTIES", properties("developers").toString())
                    .run(
                            "--state",
                            root.resolve("elsewhere").toString(),
                            "logs",
                            run.value(),
                            "-f",
                            "--step",
                            "generate");
            assertThat(watched.out()).as(watched.err()).isEqualTo("printed\n");
        }
        assertThat(texts("orders", Topics.VERDICTS)).hasSize(1);
    }

    private static EmitRequest events(RunId run) {
        Instant time = Instant.parse("2026-01-01T00:00:00Z");
        return new EmitRequest(
                state.installation(),
                run,
                null,
                List.of(
                        new AuditEntry("run.started", time, Map.of("requestSource", SOURCE, "requestId", "good")),
                        new AuditEntry("run.ended", time.plusSeconds(1), Map.of("outcome", "CANCELLED"))),
                new Origin("incarnation", time),
                new About("orders", SOURCE, "good", null));
    }

    /** Each line of a part that goes on for long, taken away: its log, or its answer, says which. */
    @Test
    @Order(5)
    void withoutALineItSaysWhich() throws Exception {
        try (AirlockServer server = server()) {
            assertThat(server.ready().ready()).isTrue();
            saysWhich("airlock-server", Topics.REQUESTS, "READ", "[airlock.requests]", () -> {});
            saysWhich("airlock-server", "airlock", "READ", "airlock-trigger-", () -> {});
            saysWhich(
                    "airlock-server",
                    Topics.DEAD_LETTERS,
                    "WRITE",
                    "[airlock.requests.dlq]",
                    () -> send("orders", "poison too"));
            saysWhich(
                    "airlock-server",
                    Topics.AUDIT,
                    "WRITE",
                    "[airlock.audit]",
                    () -> send("orders", request("refused too", "https://elsewhere.example/")));
            long letters = count(Topics.DEAD_LETTERS);
            send("orders", "the last poison");
            await(() -> count(Topics.DEAD_LETTERS) > letters, () -> "it does not go on when all is allowed again");
        }
        saysWhichOfTheWorker();
        answersWhich("auditors", Topics.AUDIT, "READ", "[airlock.audit]", "audit", "verify", "--all");
        answersWhich("airlock-operator", Topics.DEAD_LETTERS, "READ", "[airlock.requests.dlq]", "dlq", "list");
    }

    private static void saysWhichOfTheWorker() throws Exception {
        AclBinding line = line("airlock-worker", Topics.AUDIT, "WRITE");
        broker.forbid(line);
        RunId run = Names.run(state.installation(), SOURCE, "forbidden");
        try (KafkaAuditLog log = new KafkaAuditLog(broker.as("airlock-worker"), Topics.AUDIT)) {
            assertThatThrownBy(() -> log.append(events(run), "incarnation", Duration.ofSeconds(20), () -> {}))
                    .hasMessageContaining("[airlock.audit]");
        } finally {
            broker.allow(List.of(line));
        }
    }

    private static void saysWhich(String user, String resource, String operation, String told, Act act)
            throws Exception {
        AclBinding line = line(user, resource, operation);
        broker.forbid(line);
        try {
            int before = LOG.list.size();
            act.act();
            await(
                    () -> List.copyOf(LOG.list).stream()
                            .skip(before)
                            .anyMatch(event -> event.getLoggerName().startsWith("dev.airlock")
                                    && event.getFormattedMessage().contains(told)),
                    () -> "nobody speaks of " + told);
        } finally {
            broker.allow(List.of(line));
        }
    }

    private interface Act {
        void act() throws Exception;
    }

    private static void answersWhich(String user, String resource, String operation, String told, String... words)
            throws Exception {
        AclBinding line = line(user, resource, operation);
        broker.forbid(line);
        try {
            await(
                    () -> airlock(user, words).err().contains(told),
                    () -> "it says " + airlock(user, words).err());
        } finally {
            broker.allow(List.of(line));
        }
    }

    private static AclBinding line(String user, String resource, String operation) {
        return allowed.stream()
                .filter(each -> each.entry().principal().equals("User:" + user)
                        && each.pattern().name().equals(resource)
                        && each.entry().operation().name().equals(operation))
                .findFirst()
                .orElseThrow(() -> new AssertionError(user + " has no " + operation + " on " + resource));
    }

    @Test
    @Order(6)
    void noPasswordIsInAnyLog() {
        assertThat(LOG.list).hasSizeGreaterThan(20);
        assertThat(List.copyOf(LOG.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(message -> message.contains("secret-of-") || message.contains("not-the-password"));
    }

    private static AirlockServer server() throws IOException {
        Endpoints endpoints = endpoints("airlock-server");
        endpoints.write(state);
        Settings settings = Settings.load(
                state.settings(),
                Map.of(),
                Map.of("trigger.source.orders.uri", SOURCE, "trigger.source.orders.start", "orders"));
        return AirlockServer.start(new ServerConfig(state, endpoints, settings));
    }

    private static Endpoints endpoints(String user) throws IOException {
        return Endpoints.ready(
                        state,
                        Endpoints.Temporal.memory(temporal.target()),
                        new Endpoints.Kafka(broker.bootstrap(), "external"),
                        null)
                .withKafkaProperties(properties(user));
    }

    private static Path properties(String user) throws IOException {
        return broker.properties(user, SecuredBroker.password(user));
    }

    private static void workspace() throws IOException {
        Path from = Files.createDirectories(root.resolve("orders/.airlock"));
        Files.writeString(from.resolve("pipeline.yaml"), PIPELINE);
        endpoints("airlock-server").write(state);
        Shell.Result made = airlock(
                "airlock-operator",
                "workspace",
                "create",
                "orders",
                "--from",
                root.resolve("orders").toString());
        assertThat(made.code()).as(made.err()).isZero();
    }

    private static String request(String id, String source) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"" + source
                + "\",\"type\":\"dev.airlock.change.requested.v1\",\"data\":{\"workspace\":\"orders\","
                + "\"author\":\"service:orders\",\"task\":\"t\"}}";
    }

    private static void send(String user, String value) throws Exception {
        try (Producer<String, byte[]> producer = broker.as(user).producer("test")) {
            producer.send(new ProducerRecord<>(Topics.REQUESTS, "k", value.getBytes(UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static boolean started(String id) {
        try (var clients = dev.airlock.platform.temporal.TemporalClients.lazily(temporal.target())) {
            return new dev.airlock.starter.temporal.TemporalRuns(clients.client())
                    .find(Names.run(state.installation(), SOURCE, id))
                    .isPresent();
        }
    }

    private static long count(String topic) {
        try {
            return texts("airlock-operator", topic).size();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(String user, String topic) throws IOException {
        KafkaClients kafka = broker.as(user);
        List<String> texts = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.reader("test")) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            long all = consumer.endOffsets(places).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            while (texts.size() < all) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    texts.add(new String(record.value(), UTF_8));
                }
            }
        }
        return texts;
    }

    private static JsonNode check(String user, String name) throws IOException {
        return check(properties(user), name);
    }

    private static JsonNode check(Path properties, String name) throws IOException {
        Shell.Result result = new Shell(new FakeClient())
                .with("AIRLOCK_KAFKA", broker.bootstrap())
                .with("AIRLOCK_KAFKA_PROPERTIES", properties.toString())
                .run("--state", root.resolve("nobody").toString(), "doctor", "-o", "json");
        for (JsonNode check : Payloads.mapper().readTree(result.out()).path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError(result.out());
    }

    private static Shell.Result airlock(String user, String... words) {
        try {
            List<String> all = new ArrayList<>(List.of("--state", state.root().toString()));
            all.addAll(List.of(words));
            return new Shell(new FakeClient())
                    .with("AIRLOCK_KAFKA", broker.bootstrap())
                    .with("AIRLOCK_KAFKA_PROPERTIES", properties(user).toString())
                    .run(all.toArray(String[]::new));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition, Supplier<String> otherwise) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(otherwise.get()).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
