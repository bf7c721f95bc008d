package dev.airlock.activities.audit;

import dev.airlock.activities.audit.ReadBack.Kept;
import dev.airlock.activities.kafka.TopicWriter;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.audit.AuditChain;
import dev.airlock.evidence.audit.AuditChain.Plan;
import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.audit.AuditHead.Stretch;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of runs to the audit topic, each run's in order, each id with one content only.
 *
 * <p>An append for a run that was taken over from another process first writes a {@link Barrier}. Any append then reads what
 * the topic holds of the run beyond the head (nothing, unless an earlier attempt died after its records were written), adopts
 * it, and sends the rest: all at once, acknowledged by all replicas. Where nobody else can have tried, it does not ask. A run's records stay in the
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
    private final TopicWriter writer;
    private final @Nullable Consequences consequences;
    private final Barrier barrier;

    /** A trail alone, which nothing follows from. Connects with the first append. */
    public KafkaAuditLog(KafkaClients kafka, String topic) {
        this(kafka, topic, null, null);
    }

    /**
     * A trail whose verdicts are told, and whose ended runs are kept as a whole.
     *
     * @param verdicts topic that they are told on
     */
    public static KafkaAuditLog withVerdicts(
            KafkaClients kafka, String topic, String verdicts, ArtifactStore artifacts) {
        return new KafkaAuditLog(kafka, topic, verdicts, artifacts);
    }

    private KafkaAuditLog(
            KafkaClients kafka, String topic, @Nullable String verdicts, @Nullable ArtifactStore artifacts) {
        this.kafka = kafka;
        this.topic = topic;
        this.readBack = new ReadBack(kafka, topic);
        this.writer = new TopicWriter(kafka, "airlock-audit");
        this.consequences =
                verdicts == null || artifacts == null ? null : new Consequences(writer, verdicts, readBack, artifacts);
        this.barrier = new Barrier(kafka, topic);
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
        long late = System.nanoTime() + patience.toNanos();
        Future<AuditHead> work = threads.submit(Telemetry.carried(() -> inTurn(request, chain, late)));
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

    private AuditHead inTurn(EmitRequest request, AuditChain chain, long late)
            throws InterruptedException, ExecutionException {
        Lock turn = turns[Math.floorMod(request.run().hashCode(), turns.length)];
        turn.lockInterruptibly();
        try {
            boolean tried = awaitEarlierAttempt(request.run());
            if (Boolean.TRUE.equals(request.takenOver())) {
                bringToLight(request);
            }
            boolean alone = Boolean.FALSE.equals(request.takenOver()) && !tried;
            Kept kept = alone ? Kept.none(partition(request)) : readBack.of(request);
            Plan plan = chain.plan(kept.values());
            plan.unclaimed()
                    .forEach(event -> LOG.warn("audit event {} was written by an attempt that was lost", event));
            // A process that was stopped for a while must not send what another has told meanwhile.
            if (System.nanoTime() - late > 0) {
                throw unavailable("was not asked in time", new TimeoutException());
            }
            AuditHead head = settle(request, kept, plan);
            return consequences == null ? head : consequences.draw(request, plan.told(), head);
        } finally {
            turn.unlock();
        }
    }

    /** Sends what is not there yet. */
    private AuditHead settle(EmitRequest request, Kept kept, Plan plan)
            throws InterruptedException, ExecutionException {
        long first = plan.adopted().isEmpty() ? -1 : kept.offset(plan.adopted().getFirst());
        if (plan.fresh().isEmpty()) {
            AuditEvent last = plan.kept().orElseThrow();
            long offset = kept.offset(last);
            return last.head(kept.partition(), offset).after(request.head(), new Stretch(first, offset));
        }
        List<Long> offsets = send(kept.partition(), plan.fresh());
        Stretch own = new Stretch(first < 0 ? offsets.getFirst() : first, offsets.getLast());
        return plan.fresh().getLast().head(kept.partition(), offsets.getLast()).after(request.head(), own);
    }

    private int partition(EmitRequest request) {
        AuditHead head = request.head();
        return head == null ? ReadBack.partition(request.run(), writer.partitions(topic)) : head.partition();
    }

    /** @return whether there was one */
    private boolean awaitEarlierAttempt(RunId run) throws InterruptedException {
        CompletableFuture<?> earlier = onTheirWay.get(run);
        if (earlier == null) {
            return false;
        }
        try {
            earlier.get();
        } catch (ExecutionException e) {
            LOG.debug("an earlier attempt to write audit events of {} failed", run, e);
        }
        return true;
    }

    /** What a dead worker sent may not be shown yet; see {@link Barrier}. */
    private void bringToLight(EmitRequest request) throws InterruptedException, ExecutionException {
        ConsumerRecord<String, byte[]> event =
                barrier.event(request.run(), request.head()).orElse(null);
        if (event == null) {
            LOG.debug("there is no event yet where those of {} go, and none to copy", request.run());
            return;
        }
        CompletableFuture<RecordMetadata> copy = writer.send(topic, event.partition(), event.key(), event.value());
        noteOnItsWay(request.run(), copy);
        copy.get();
    }

    private List<Long> send(int partition, List<AuditEvent> events) throws InterruptedException, ExecutionException {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        RunId run = events.getFirst().run();
        try {
            events.forEach(event -> sent.add(writer.send(topic, partition, run.value(), event.bytes())));
        } finally {
            noteOnItsWay(run, CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0])));
        }
        List<Long> offsets = new ArrayList<>();
        for (CompletableFuture<RecordMetadata> record : sent) {
            offsets.add(record.get().offset());
        }
        return offsets;
    }

    private void noteOnItsWay(RunId run, CompletableFuture<?> sent) {
        onTheirWay.put(run, sent);
        CompletableFuture<?> unused = sent.whenComplete((done, failure) -> onTheirWay.remove(run, sent));
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
        writer.close();
        readBack.close();
    }
}
