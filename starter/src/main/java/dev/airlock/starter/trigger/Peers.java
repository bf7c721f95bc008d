package dev.airlock.starter.trigger;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many servers take requests: the members of their group that have partitions. Asked every few seconds, while it matters. */
final class Peers implements IntSupplier, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final KafkaClients kafka;
    private final String group;
    private @Nullable Admin admin;
    private int known = 1;
    private long asked = System.nanoTime() - Duration.ofHours(1).toNanos();

    Peers(KafkaClients kafka, String group) {
        this.kafka = kafka;
        this.group = group;
    }

    /** At least one: who asks is one of them. What was known last, while Kafka does not answer. */
    @Override
    public synchronized int getAsInt() {
        if (System.nanoTime() - asked > FRESH.toNanos()) {
            asked = System.nanoTime();
            ask();
        }
        return known;
    }

    private void ask() {
        try {
            if (admin == null) {
                admin = kafka.admin("airlock-trigger-peers");
            }
            int millis = Math.toIntExact(PATIENCE.toMillis());
            known = admin
                    .describeConsumerGroups(List.of(group), new DescribeConsumerGroupsOptions().timeoutMs(millis))
                    .all()
                    .get(millis, TimeUnit.MILLISECONDS)
                    .values()
                    .stream()
                    .mapToInt(Peers::working)
                    .reduce(1, Math::max);
        } catch (ExecutionException | TimeoutException | KafkaException | PlatformException e) {
            LOG.debug("how many servers there are cannot be found out, {} were: {}", known, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int working(ConsumerGroupDescription group) {
        return (int) group.members().stream()
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count();
    }

    /** Does not wait for a broker that is gone. */
    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }
}
