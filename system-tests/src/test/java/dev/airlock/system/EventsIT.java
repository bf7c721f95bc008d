package dev.airlock.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.system.docs.EventSchemas;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** What a real run writes to Kafka is what the published schemas say. */
class EventsIT {
    private static final String REQUEST = """
            {"specversion":"1.0","id":"4711","source":"ci","type":"dev.airlock.change.requested.v1",
             "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "data":{"workspace":"counting","task":"make it","author":"service:ci"}}
            """;

    private final Set<String> seen = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    @Test
    void areWhatTheSchemasSay() throws Exception {
        try (Airlock airlock = new Airlock()) {
            Airlock.Server dev = airlock.dev();
            KafkaClients kafka =
                    new KafkaClients(dev.ready().at("/kafka/bootstrap").asText());
            airlock.ok(
                    "workspace",
                    "create",
                    "counting",
                    "--from",
                    Counting.workspace(airlock, 3).toString());
            send(kafka, "poison", "{");
            send(kafka, "orders", REQUEST);
            Airlock.await(() -> !airlock.ok("runs").json().path("items").isEmpty(), "the record starts no run");
            Run run = new Run(
                    airlock, airlock.ok("runs").json().at("/items/0/run").asText());
            run.promote();
            Airlock.await(
                    () -> {
                        read(kafka);
                        return seen.contains(Topics.OUTPUT + " " + OutputRecord.END_TYPE);
                    },
                    "no end of output");
            assertThat(problems).isEmpty();
            assertThat(seen)
                    .contains(
                            "airlock.requests dev.airlock.change.requested.v1",
                            "airlock.requests.dlq dev.airlock.request.dead.v1",
                            "airlock.verdicts dev.airlock.run.waiting.v1",
                            "airlock.verdicts dev.airlock.run.ended.v1",
                            "airlock.output dev.airlock.output.v1",
                            "airlock.audit dev.airlock.run.started.v1",
                            "airlock.audit dev.airlock.step.started.v1",
                            "airlock.audit dev.airlock.step.completed.v1",
                            "airlock.audit dev.airlock.review.opened.v1",
                            "airlock.audit dev.airlock.review.decided.v1",
                            "airlock.audit dev.airlock.promotion.intended.v1",
                            "airlock.audit dev.airlock.promotion.completed.v1",
                            "airlock.audit dev.airlock.run.ended.v1");
        }
    }

    private static void send(KafkaClients kafka, String key, String value) throws Exception {
        try (Producer<String, byte[]> producer = kafka.producer("test")) {
            producer.send(new ProducerRecord<>(Topics.REQUESTS, key, value.getBytes(UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** All that stands there now. */
    private void read(KafkaClients kafka) {
        seen.clear();
        problems.clear();
        try (Consumer<String, byte[]> consumer = kafka.reader("test")) {
            List<TopicPartition> all = Topics.names().stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long end = consumer.endOffsets(all).values().stream()
                    .mapToLong(each -> each)
                    .sum();
            long read = 0;
            while (read < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    read++;
                    judge(record);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void judge(ConsumerRecord<String, byte[]> record) throws IOException {
        if (record.topic().equals(Topics.REQUESTS) && record.value().length == 1) {
            return;
        }
        boolean output = record.topic().equals(Topics.OUTPUT);
        JsonNode event = output ? binary(record) : Payloads.mapper().readTree(record.value());
        String type = event.at(output ? "/headers/ce_type" : "/type").asText();
        seen.add(record.topic() + " " + type);
        problems.addAll(EventSchemas.problems(record.topic(), type, event));
    }

    private static ObjectNode binary(ConsumerRecord<String, byte[]> record) throws IOException {
        ObjectNode event = Payloads.mapper().createObjectNode();
        ObjectNode headers = event.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        if (headers.path("ce_type").asText().equals(OutputRecord.END_TYPE)) {
            event.set("data", Payloads.mapper().readTree(record.value()));
        } else {
            event.put("data", Base64.getEncoder().encodeToString(record.value()));
        }
        return event;
    }
}
