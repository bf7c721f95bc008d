package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A service in another language asks for a run; the server that takes the request may die at the worst moment. */
class RequestsIT {
    private static final int KILLED = 137;

    @SuppressWarnings("NullAway.Init")
    private static Airlock airlock;

    @SuppressWarnings("NullAway.Init")
    private static String bootstrap;

    @BeforeAll
    static void start() throws IOException {
        airlock = new Airlock();
        bootstrap = airlock.dev("--no-server")
                .ready()
                .path("kafka")
                .path("bootstrap")
                .asText();
        airlock.ok("workspace", "create", "orders", "--from", Airlock.ORDERS.toString());
    }

    @AfterAll
    static void stop() throws IOException {
        airlock.close();
    }

    @Test
    void aProducerGetsItsVerdictAlsoWhenTheServerDiesBetweenStartAndCommit() throws Exception {
        Airlock.Server doomed = airlock.requestServer(Map.of("AIRLOCK_FAILPOINTS", "trigger.started"));
        assertThat(doomed.ready().path("trigger").asText()).isEqualTo("airlock.requests");
        Path out = Files.createTempFile(airlock.scratch("producer"), "out", "");
        Process producer = new ProcessBuilder(
                        "/usr/bin/python3",
                        Airlock.HOME.resolve("examples/producer/request.py").toString(),
                        bootstrap,
                        "orders",
                        Files.readString(Airlock.ORDERS.resolve("task.md")),
                        "--id",
                        "order-17",
                        "--for",
                        "waiting",
                        "--timeout",
                        "180")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        doomed.awaitDeath();
        assertThat(doomed.process().exitValue()).isEqualTo(KILLED);

        try (Stopped server = new Stopped(airlock.requestServer(Map.of()))) {
            assertThat(producer.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(producer.exitValue()).as(Files.readString(out)).isZero();
            JsonNode verdict = Payloads.mapper().readTree(Files.readString(out));
            JsonNode runs = airlock.ok("runs", "--workspace", "orders").json().path("items");
            assertThat(runs).as("one run, although it was delivered twice").hasSize(1);
            assertThat(runs.get(0).path("run").asText())
                    .isEqualTo(verdict.path("subject").asText());
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void deadLettersAreShownGivenUpAndAudited() {
        try (Stopped server = new Stopped(airlock.requestServer(Map.of()))) {
            send("not at all a request");
            Airlock.await(() -> letters().size() == 1, "no dead letter");
            JsonNode letter = letters().get(0);
            String id = letter.path("id").asText();
            assertThat(letter.path("cause").asText()).isEqualTo("NOT_JSON");
            assertThat(airlock.ok("dlq", "show", id)
                            .json()
                            .path("record")
                            .path("value")
                            .asText())
                    .isEqualTo("bm90IGF0IGFsbCBhIHJlcXVlc3Q=");

            airlock.ok("dlq", "replay", id);
            Airlock.await(
                    () -> letters().size() == 1
                            && !letters().get(0).path("id").asText().equals(id),
                    "not replayed");
            String second = letters().get(0).path("id").asText();
            assertThat(airlock.run("dlq", "discard", second).exit())
                    .as("nobody to ask")
                    .isEqualTo(2);
            airlock.ok("dlq", "discard", second, "--yes", "--reason", "junk");
            assertThat(letters()).isEmpty();
            assertThat(airlock.ok("dlq", "list", "--all").json().path("items")).hasSize(2);
            assertThat(airlock.run("dlq", "replay", id).exit())
                    .as("settled already")
                    .isEqualTo(1);
            assertThat(airlock.ok("audit", "verify", "--all").json().path("ok").asBoolean())
                    .isTrue();
            assertThat(server.exitCode()).isZero();
        }
    }

    private static JsonNode letters() {
        return airlock.ok("dlq", "list").json().path("items");
    }

    private static void send(String value) {
        try (Producer<String, byte[]> producer = new KafkaClients(bootstrap).producer("test")) {
            producer.send(new ProducerRecord<>(Topics.REQUESTS, "key", value.getBytes(StandardCharsets.UTF_8)))
                    .get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A server that is stopped in order, if nobody asked for that before. */
    private record Stopped(Airlock.Server server) implements AutoCloseable {
        int exitCode() {
            return server.stop();
        }

        @Override
        public void close() {
            if (server.process().isAlive()) {
                server.stop();
            }
        }
    }
}
