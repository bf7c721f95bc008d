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
 * it, and sends the rest: all at once, acknowledged by all replicas. Where nobody else can have tried, it does not ask. A run's
 * records stay in the partition of its first one.
 *
 * <p>What Temporal has recorded is written with the same bytes by whoever writes it. What a workflow task tells that may never
 * be recorded, another process may tell otherwise: {@link #appendAtOnce} sends no such thing after a {@link Standstill}, and
 * gives up what Kafka did not take before anybody else can have the run.
 *
 * <p>When an append gives up, its records may still be on their way: the next append of that run in
 * this process waits for them, so that an outage does not pile up copies, and whatever arrives late is read back or is an
 * identical copy, which readers ignore. The producer's buffer and delivery time-out bound memory in a long outage.
 *
 * <p>Safe for many threads; appends of one run take turns.
 */
public final class KafkaAuditLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaAuditLog.class);
    private static final Duration SLICE = Duration.ofSeconds(1);

    /** What is sent at once lives no longer: a run changes hands after five seconds at the soonest. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private final KafkaClients kafka;
    private final String topic;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Lock[] turns = new Lock[256];
    private final Map<RunId, CompletableFuture<?>> onTheirWay = new ConcurrentHashMap<>();
    private final ReadBack readBack;
    private final TopicWriter writer;
    private final TopicWriter hasty;
    private final Standstill standstill;
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
        this.hasty = TopicWriter.hasty(kafka, "airlock-audit-at-once", AT_ONCE);
        this.standstill = new Standstill().start();
        this.consequences =
                verdicts == null || artifacts == null ? null : new Consequences(writer, verdicts, readBack, artifacts);
        this.barrier = new Barrier(kafka, topic);
        for (int i = 0; i < turns.length; i++) {
            turns[i] = new ReentrantLock();
        }
    }

    /** A request, and how it is written. */
    private record Order(EmitRequest request, AuditChain chain, long late, TopicWriter by) {}

    /**
     * Returns when Kafka has acknowledged everything. For what Temporal has recorded, so that it stays the same whoever
     * writes it.
     *
     * @param incarnation the Temporal run id that emits
     * @param patience after it the append gives up
     * @param alive called every second while it waits; what it throws ends the wait
     * @throws PlatformException with code UNAVAILABLE if Kafka did not acknowledge in time
     * @throws IllegalArgumentException if an entry is not what an event may hold
     */
    public AuditHead append(EmitRequest request, String incarnation, Duration patience, Runnable alive) {
        return append(request, incarnation, patience, alive, writer);
    }

    /** The same for what a workflow task tells before it is recorded: Temporal may have given it to somebody else. */
    public AuditHead appendAtOnce(EmitRequest request, String incarnation, Duration patience) {
        return append(request, incarnation, patience, () -> {}, hasty);
    }

    private AuditHead append(
            EmitRequest request, String incarnation, Duration patience, Runnable alive, TopicWriter by) {
        Order order =
                new Order(request, new AuditChain(request, incarnation), System.nanoTime() + patience.toNanos(), by);
        Future<AuditHead> work = threads.submit(Telemetry.carried(() -> inTurn(order)));
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

    private AuditHead inTurn(Order order) throws InterruptedException, ExecutionException {
        EmitRequest request = order.request();
        Lock turn = turns[Math.floorMod(request.run().hashCode(), turns.length)];
        turn.lockInterruptibly();
        try {
            boolean tried = awaitEarlierAttempt(request.run());
            if (Boolean.TRUE.equals(request.takenOver())) {
                bringToLight(order);
            }
            boolean alone = Boolean.FALSE.equals(request.takenOver()) && !tried;
            Kept kept = alone ? Kept.none(partition(request)) : readBack.of(request);
            Plan plan = order.chain().plan(kept.values());
            plan.unclaimed()
                    .forEach(event -> LOG.warn("audit event {} was written by an attempt that was lost", event));
            requireOurs(order);
            AuditHead head = settle(order, kept, plan);
            return consequences == null ? head : consequences.draw(request, plan.told(), head);
        } finally {
            turn.unlock();
        }
    }

    /** A process that was stopped for a while must not send what another has told meanwhile. */
    private void requireOurs(Order order) {
        if (System.nanoTime() - order.late() > 0) {
            throw unavailable("was not asked in time", null);
        }
        if (order.by() == hasty && standstill.isRecent()) {
            throw unavailable("was not asked: this process stood still, and the run may be another's", null);
        }
    }

    /** Sends what is not there yet. */
    private AuditHead settle(Order order, Kept kept, Plan plan) throws InterruptedException, ExecutionException {
        EmitRequest request = order.request();
        long first = plan.adopted().isEmpty() ? -1 : kept.offset(plan.adopted().getFirst());
        if (plan.fresh().isEmpty()) {
            AuditEvent last = plan.kept().orElseThrow();
            long offset = kept.offset(last);
            return last.head(kept.partition(), offset).after(request.head(), new Stretch(first, offset));
        }
        List<Long> offsets = send(order.by(), kept.partition(), plan.fresh());
        Stretch own = new Stretch(first < 0 ? offsets.getFirst() : first, offsets.getLast());
        return plan.fresh().getLast().head(kept.partition(), offsets.getLast()).after(request.head(), own);
    }

    private int partition(EmitRequest request) {
        AuditHead head = request.head();
        return head == null
                ? KafkaClients.partition(request.run().value(), writer.partitions(topic))
                : head.partition();
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
    private void bringToLight(Order order) throws InterruptedException, ExecutionException {
        EmitRequest request = order.request();
        ConsumerRecord<String, byte[]> event =
                barrier.event(request.run(), request.head()).orElse(null);
        if (event == null) {
            LOG.debug("there is no event yet where those of {} go, and none to copy", request.run());
            return;
        }
        CompletableFuture<RecordMetadata> copy = order.by().send(topic, event.partition(), event.key(), event.value());
        noteOnItsWay(request.run(), copy);
        copy.get();
    }

    private List<Long> send(TopicWriter by, int partition, List<AuditEvent> events)
            throws InterruptedException, ExecutionException {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        RunId run = events.getFirst().run();
        try {
            events.forEach(event -> sent.add(by.send(topic, partition, run.value(), event.bytes())));
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

    private PlatformException unavailable(String what, @Nullable Throwable cause) {
        String message = "audit topic " + topic + ": Kafka at " + kafka.bootstrap() + " " + what;
        String hint = "start Kafka again; nothing is lost meanwhile";
        return cause == null
                ? PlatformException.of(PlatformException.Code.UNAVAILABLE, message, topic, hint)
                : PlatformException.of(PlatformException.Code.UNAVAILABLE, message, topic, hint, cause);
    }

    /** Does not wait for a broker that is gone: what is not acknowledged is sent again by whoever runs the workflow next. */
    @Override
    public void close() {
        threads.shutdownNow();
        standstill.close();
        writer.close();
        hasty.close();
        readBack.close();
    }
}
