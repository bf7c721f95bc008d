package dev.airlock.activities.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.airlock.activities.audit.ReadBack.Kept;
import dev.airlock.evidence.audit.AuditChain;
import dev.airlock.evidence.audit.AuditChain.Plan;
import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of runs to the audit topic, each run's in order, each id with one content only.
 *
 * <p>An append first reads what the topic holds of the run beyond the head (nothing, unless an earlier attempt died after its
 * records were written), adopts it, and sends the rest: all at once, acknowledged by all replicas. A run's records stay in the
 * partition of its first one. When an append gives up, its records may still be on their way: the next append of that run in
 * this process waits for them, so that an outage does not pile up copies, and whatever arrives late is read back or is an
 * identical copy, which readers ignore. The producer's buffer and delivery time-out bound memory in a long outage.
 *
 * <p>Safe for many threads; appends of one run take turns.
 */
public final class KafkaAuditLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaAuditLog.class);
    private static final Duration SLICE = Duration.ofSeconds(1);

    private final KafkaClients kafka;
    private final String topic;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Lock[] turns = new Lock[256];
    private final Map<RunId, CompletableFuture<?>> onTheirWay = new ConcurrentHashMap<>();
    private final ReadBack readBack;
    private @Nullable Producer<String, byte[]> producer;

    /** Connects with the first append. */
    public KafkaAuditLog(KafkaClients kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
        this.readBack = new ReadBack(kafka, topic);
        for (int i = 0; i < turns.length; i++) {
            turns[i] = new ReentrantLock();
        }
    }

    /**
     * Returns when Kafka has acknowledged everything.
     *
     * @param incarnation the Temporal run id that emits
     * @param patience after it the append gives up
     * @param alive called every second while it waits; what it throws ends the wait
     * @throws PlatformException with code UNAVAILABLE if Kafka did not acknowledge in time
     * @throws IllegalArgumentException if an entry is not what an event may hold
     */
    public AuditHead append(EmitRequest request, String incarnation, Duration patience, Runnable alive) {
        AuditChain chain = new AuditChain(request, incarnation);
        Future<AuditHead> work = threads.submit(() -> inTurn(request, chain));
        Instant givenUp = Instant.now().plus(patience);
        try {
            while (true) {
                Duration left = Duration.between(Instant.now(), givenUp);
                try {
                    Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
                    return work.get(Math.max(1, slice.toMillis()), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (Instant.now().isAfter(givenUp)) {
                        throw unavailable("did not acknowledge within " + patience.toMillis() + " ms", e);
                    }
                    alive.run();
                }
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for: this process is stopping", e);
        } finally {
            work.cancel(true);
        }
    }

    private AuditHead inTurn(EmitRequest request, AuditChain chain) throws InterruptedException, ExecutionException {
        Lock turn = turns[Math.floorMod(request.run().hashCode(), turns.length)];
        turn.lockInterruptibly();
        try {
            awaitEarlierAttempt(request.run());
            Kept kept = readBack.of(request);
            Plan plan = chain.plan(kept.values());
            plan.unclaimed()
                    .forEach(event -> LOG.warn("audit event {} was written by an attempt that was lost", event));
            if (!plan.fresh().isEmpty()) {
                return send(kept.partition(), plan.fresh());
            }
            AuditEvent last = plan.kept().orElseThrow();
            return last.head(kept.partition(), kept.offset(last));
        } finally {
            turn.unlock();
        }
    }

    private void awaitEarlierAttempt(RunId run) throws InterruptedException {
        CompletableFuture<?> earlier = onTheirWay.get(run);
        if (earlier == null) {
            return;
        }
        try {
            earlier.get();
        } catch (ExecutionException e) {
            LOG.debug("an earlier attempt to write audit events of {} failed", run, e);
        }
    }

    private AuditHead send(int partition, List<AuditEvent> events) throws InterruptedException, ExecutionException {
        Producer<String, byte[]> open = producer();
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        RunId run = events.getFirst().run();
        try {
            events.forEach(event -> sent.add(send(open, partition, event)));
        } finally {
            CompletableFuture<?> all = CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0]));
            onTheirWay.put(run, all);
            CompletableFuture<?> unused = all.whenComplete((done, failure) -> onTheirWay.remove(run, all));
        }
        for (CompletableFuture<RecordMetadata> record : sent) {
            record.get();
        }
        return events.getLast().head(partition, sent.getLast().get().offset());
    }

    private CompletableFuture<RecordMetadata> send(Producer<String, byte[]> open, int partition, AuditEvent event) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, partition, event.run().value(), event.bytes());
        record.headers().add(new RecordHeader("content-type", AuditEvent.CONTENT_TYPE.getBytes(US_ASCII)));
        Future<RecordMetadata> unused = open.send(record, (metadata, failure) -> {
            if (failure == null) {
                acknowledged.complete(metadata);
            } else {
                acknowledged.completeExceptionally(failure);
            }
        });
        return acknowledged;
    }

    private synchronized Producer<String, byte[]> producer() {
        if (producer == null) {
            producer = kafka.producer("airlock-audit");
        }
        return producer;
    }

    private RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof PlatformException || cause instanceof IllegalArgumentException) {
            return (RuntimeException) cause;
        }
        if (cause instanceof KafkaException || cause instanceof ExecutionException) {
            Throwable root = cause instanceof ExecutionException && cause.getCause() != null ? cause.getCause() : cause;
            return unavailable("did not take the events: " + root.getMessage(), root);
        }
        return new IllegalStateException("writing audit events failed", cause);
    }

    private PlatformException unavailable(String what, Throwable cause) {
        return PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "audit topic " + topic + ": Kafka at " + kafka.bootstrap() + " " + what,
                topic,
                "start Kafka again; nothing is lost meanwhile",
                cause);
    }

    /** Does not wait for a broker that is gone: what is not acknowledged is sent again by whoever runs the workflow next. */
    @Override
    public void close() {
        threads.shutdownNow();
        synchronized (this) {
            if (producer != null) {
                producer.close(Duration.ofSeconds(2));
            }
        }
        readBack.close();
    }
}
