package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.telemetry.Telemetry;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TriggerTest {
    private static final TopicPartition PLACE = new TopicPartition(Topics.REQUESTS, 0);

    private final Queue<Long> taken = new ConcurrentLinkedQueue<>();
    private final MockConsumer<byte[], byte[]> sound = new MockConsumer<>("earliest");

    @Test
    void startsItsConsumerAgainWhateverItDiesOf() {
        MockConsumer<byte[], byte[]> dying = new MockConsumer<>("earliest");
        dying.setPollException(new KafkaException("away"));
        Queue<Supplier<Consumer<byte[], byte[]>>> consumers = new ArrayDeque<>(List.of(
                () -> {
                    throw PlatformException.of(PlatformException.Code.USAGE, "no such host", "kafka", "mend it");
                },
                () -> {
                    throw new IllegalStateException("a bug");
                },
                () -> dying,
                () -> sound));
        deliver(3);
        Trigger trigger = new Trigger(
                () -> Objects.requireNonNull(consumers.poll(), "no more").get(),
                (record, standing) -> taken.add(record.place().offset()),
                new TemporalGate(() -> {}),
                Telemetry.off().trigger());
        trigger.start();
        try {
            Plant.await(() -> taken.size() == 3, () -> "taken: " + taken);
            Plant.await(() -> committed() == 3, () -> "committed: " + committed());
        } finally {
            trigger.close();
        }
        assertThat(dying.closed()).isTrue();
        assertThat(sound.closed()).isTrue();
    }

    private long committed() {
        OffsetAndMetadata offset = sound.committed(Set.of(PLACE)).get(PLACE);
        return offset == null ? 0 : offset.offset();
    }

    private void deliver(int records) {
        sound.schedulePollTask(() -> {
            sound.rebalance(List.of(PLACE));
            sound.updateBeginningOffsets(Map.of(PLACE, 0L));
            for (int offset = 0; offset < records; offset++) {
                sound.addRecord(new ConsumerRecord<>(PLACE.topic(), PLACE.partition(), offset, null, new byte[1]));
            }
        });
    }
}
