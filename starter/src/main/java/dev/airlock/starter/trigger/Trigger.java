package dev.airlock.starter.trigger;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaRefusal;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.telemetry.TriggerMetrics;
import dev.airlock.starter.cloudevent.Incoming;
import dev.airlock.starter.service.ServerService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records from {@code airlock.requests}, and commits an offset once all below it is settled. One thread polls, so that the
 * group knows us alive whatever the records wait for; while Temporal is away, and while enough is taken on, partitions are paused.
 */
final class Trigger implements ServerService {
    private static final Logger LOG = LoggerFactory.getLogger(Trigger.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration COMMIT = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** What is being done when a partition goes away is mostly one call to Temporal. */
    private static final Duration HAND_OVER = Duration.ofSeconds(3);

    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final PartitionWork.Taker taker;
    private final TemporalGate gate;
    private final TriggerMetrics metrics;
    private final Map<TopicPartition, PartitionWork> works = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Thread thread = Thread.ofPlatform().name("trigger").unstarted(this::serve);
    private volatile int held;
    private volatile boolean closing;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    /** @param consumers a new one each time, of the group that all servers are in */
    Trigger(
            Supplier<Consumer<byte[], byte[]>> consumers,
            PartitionWork.Taker taker,
            TemporalGate gate,
            TriggerMetrics metrics) {
        this.consumers = consumers;
        this.taker = taker;
        this.gate = gate;
        this.metrics = metrics;
    }

    @Override
    public void start() {
        thread.start();
    }

    private void serve() {
        while (!closing) {
            try (Consumer<byte[], byte[]> current = consumers.get()) {
                consumer = current;
                current.subscribe(List.of(Topics.REQUESTS), new Assignment(current));
                poll(current);
            } catch (WakeupException e) {
                LOG.debug("woken, to close");
            } catch (KafkaException | PlatformException e) {
                LOG.warn(
                        "the consumer of {} starts again: {}",
                        Topics.REQUESTS,
                        KafkaRefusal.in(e)
                                .map(refusal -> "Kafka " + refusal.what() + "; " + refusal.hint())
                                .orElse(e.toString()));
                forgetAll();
                LockSupport.parkNanos(AGAIN.toNanos());
            } catch (RuntimeException e) {
                // Whatever it is, a server that goes on without its intake would look well and do nothing.
                LOG.error("the consumer of {} starts again", Topics.REQUESTS, e);
                forgetAll();
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    private void poll(Consumer<byte[], byte[]> current) {
        try {
            while (!closing) {
                ConsumerRecords<byte[], byte[]> records = current.poll(POLL);
                metrics.consumed(Topics.REQUESTS, records.count());
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    work(new TopicPartition(record.topic(), record.partition())).add(Incoming.of(record));
                }
                throttle(current);
                tell(current);
                commit(current);
            }
        } finally {
            finish(current);
        }
    }

    private PartitionWork work(TopicPartition place) {
        return works.computeIfAbsent(place, unused -> new PartitionWork(taker));
    }

    private void throttle(Consumer<byte[], byte[]> current) {
        boolean away = !gate.isOpen();
        Set<TopicPartition> paused = current.paused();
        Set<TopicPartition> pause = new HashSet<>();
        Set<TopicPartition> resume = new HashSet<>();
        for (TopicPartition place : current.assignment()) {
            PartitionWork work = works.get(place);
            boolean wait = away || (work != null && work.isFull());
            if (wait != paused.contains(place)) {
                (wait ? pause : resume).add(place);
            }
        }
        current.pause(pause);
        current.resume(resume);
    }

    /** Records taken on and not settled: what it holds in memory, whatever the backlog. */
    int held() {
        return held;
    }

    private void tell(Consumer<byte[], byte[]> current) {
        held = works.values().stream().mapToInt(PartitionWork::pending).sum();
        for (TopicPartition place : current.assignment()) {
            PartitionWork work = works.get(place);
            long taken = work == null ? 0 : work.pending();
            metrics.waiting(
                    place.topic(),
                    place.partition(),
                    taken + current.currentLag(place).orElse(0),
                    work == null ? null : work.oldest());
        }
        metrics.paused(current.paused().size());
    }

    /** A commit that fails is made good by the next one, and a redelivery by the run's id. */
    private void commit(Consumer<byte[], byte[]> current) {
        Map<TopicPartition, OffsetAndMetadata> offsets = settled(works.keySet());
        if (offsets.isEmpty()) {
            return;
        }
        offsets.forEach((place, offset) -> committed.put(place, offset.offset()));
        current.commitAsync(offsets, (unused, failure) -> {
            if (failure != null) {
                LOG.debug("offsets of {} not committed: {}", Topics.REQUESTS, failure.toString());
                offsets.keySet().forEach(committed::remove);
            }
        });
    }

    private Map<TopicPartition, OffsetAndMetadata> settled(Collection<TopicPartition> places) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition place : places) {
            PartitionWork work = works.get(place);
            if (work != null) {
                work.settled().stream()
                        .filter(offset -> offset != committed.getOrDefault(place, -1L))
                        .forEach(offset -> offsets.put(place, new OffsetAndMetadata(offset)));
            }
        }
        return offsets;
    }

    private void finish(Consumer<byte[], byte[]> current) {
        works.values().forEach(PartitionWork::abandon);
        handOver(current, Set.copyOf(works.keySet()), LAST_WORDS);
        current.close(CloseOptions.timeout(COMMIT));
    }

    private void handOver(Consumer<byte[], byte[]> current, Collection<TopicPartition> places, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (TopicPartition place : places) {
            PartitionWork work = works.get(place);
            if (work != null) {
                work.abandon();
                work.awaitIdle(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        }
        try {
            commitNow(current, settled(places));
        } catch (KafkaException e) {
            LOG.info("offsets not committed while {} went away; what follows is absorbed: {}", places, e.toString());
        }
        forget(places);
    }

    private static void commitNow(Consumer<byte[], byte[]> current, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            current.commitSync(offsets, COMMIT);
        } catch (WakeupException e) {
            // It was meant for a poll that had just ended.
            current.commitSync(offsets, COMMIT);
        }
    }

    private void forget(Collection<TopicPartition> places) {
        for (TopicPartition place : places) {
            PartitionWork work = works.remove(place);
            metrics.revoked(place.topic(), place.partition());
            committed.remove(place);
            if (work != null) {
                work.abandon();
            }
        }
    }

    private void forgetAll() {
        forget(Set.copyOf(works.keySet()));
    }

    private final class Assignment implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> current;

        Assignment(Consumer<byte[], byte[]> current) {
            this.current = current;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> places) {
            LOG.info("takes requests of {}", places);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> places) {
            handOver(current, places, HAND_OVER);
        }

        /** Somebody else has them already. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> places) {
            forget(places);
        }
    }

    @Override
    public void close() {
        closing = true;
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        try {
            thread.join(LAST_WORDS.plus(COMMIT).plus(COMMIT));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        gate.close();
    }
}
