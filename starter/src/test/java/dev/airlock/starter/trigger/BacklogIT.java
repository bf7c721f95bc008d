package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.dev.kafka.EmbeddedKafka;
import dev.airlock.dev.ports.Ports;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However much waits in Kafka while Temporal is away, only so much of it is in memory. */
class BacklogIT {
    private static final int PARTITIONS = 4;
    private static final int POLL = 50;
    private static final int RECORDS = 4_000;
    private static final int SIZE = 2 * 1024;

    @Test
    void whatIsHeldIsBoundedWhateverWaits(@TempDir Path root) throws Exception {
        StateDirectory state = StateDirectory.apart(root).create();
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger taken = new AtomicInteger();
        AtomicLong probes = new AtomicLong();
        TemporalGate gate = new TemporalGate(() -> {
            probes.incrementAndGet();
            if (away.get()) {
                throw PlatformException.of(PlatformException.Code.UNAVAILABLE, "away", "temporal", "wait");
            }
        });
        try (EmbeddedKafka broker = EmbeddedKafka.start(state, new Ports(state))) {
            KafkaClients kafka = new KafkaClients(broker.bootstrap());
            send(kafka);
            Trigger trigger = new Trigger(
                    () -> kafka.intake("airlock-trigger", "airlock-trigger-test"),
                    (record, standing) -> {
                        // As one that meets it away does.
                        gate.look();
                        gate.await(standing);
                        boolean wanted = standing.wanted();
                        if (wanted) {
                            taken.incrementAndGet();
                        }
                        return wanted;
                    },
                    gate,
                    Telemetry.off().trigger());
            try (trigger) {
                trigger.start();
                Plant.await(() -> trigger.held() > 0 && !gate.isOpen(), () -> "nothing is taken on");
                int most = 0;
                long looked = probes.get();
                // Several of its looks, each a round of the poll loop at least.
                while (probes.get() < looked + 4) {
                    most = Math.max(most, trigger.held());
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
                assertThat(taken).hasValue(0);
                assertThat(most)
                        .as("of %s records", RECORDS)
                        .isPositive()
                        .isLessThanOrEqualTo(PARTITIONS * (PartitionWork.MOST_RECORDS + POLL));

                away.set(false);
                Plant.await(() -> taken.get() == RECORDS, () -> "taken: " + taken);
                Plant.await(() -> trigger.held() == 0, () -> "held: " + trigger.held());
                assertThat(taken).as("each once").hasValue(RECORDS);
            }
        }
    }

    private static void send(KafkaClients kafka) throws Exception {
        try (Producer<byte[], byte[]> producer = kafka.forwarder("test")) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(Topics.REQUESTS, i % PARTITIONS, null, new byte[SIZE])));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }
}
