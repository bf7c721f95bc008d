package dev.airlock.bench.events;

import dev.airlock.platform.kafka.KafkaClients;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.WakeupException;

/** The least that starts a workflow for a record: poll, start by the id that the record bears, commit. */
final class RawTrigger implements AutoCloseable {
    static final String QUEUE = "bench-first";

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration END = Duration.ofSeconds(10);

    private final WorkflowClient client;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread = Thread.ofPlatform().name("raw-trigger").unstarted(this::serve);

    private RawTrigger(WorkflowClient client, KafkaClients kafka, String topic) {
        this.client = client;
        this.consumer = kafka.intake("raw-trigger", "raw-trigger");
        consumer.subscribe(List.of(topic));
    }

    static RawTrigger start(WorkflowClient client, KafkaClients kafka, String topic) {
        RawTrigger trigger = new RawTrigger(client, kafka, topic);
        trigger.thread.start();
        return trigger;
    }

    private void serve() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    start(client, new String(record.key(), StandardCharsets.UTF_8), record.value());
                }
                consumer.commitAsync();
            }
        } catch (WakeupException e) {
            // Closed.
            return;
        }
    }

    /** One call to Temporal. */
    static void start(WorkflowClient client, String id, byte[] input) {
        client.newUntypedWorkflowStub(
                        "Raw",
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(id)
                                .setTaskQueue(QUEUE)
                                .build())
                .start(new String(input, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
