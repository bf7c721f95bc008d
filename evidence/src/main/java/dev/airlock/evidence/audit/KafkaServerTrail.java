package dev.airlock.evidence.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.KafkaRefusal;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chain on the audit topic that belongs to one process: it begins with the first event and ends with the process, and no
 * other process ever continues it.
 *
 * <p>An event that was not acknowledged keeps its number, since nobody knows whether it was written. It is sent again, the
 * same bytes, before the next one: a copy, or the missing link. At most {@value #MOST_WAITING} wait so; beyond that new ones
 * are refused at once, so that an outage does not fill the memory. Connects with the first event.
 */
public final class KafkaServerTrail implements ServerTrail {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaServerTrail.class);
    private static final int MOST_WAITING = 100;

    private final Supplier<Producer<String, byte[]>> producers;
    private final String bootstrap;
    private final String topic;
    private final String installation;
    private final Duration patience;
    private final ChainId chain = ChainId.ofNewProcess();
    private final String incarnation = UUID.randomUUID().toString();
    private final ReentrantLock turn = new ReentrantLock(true);
    private final List<AuditEvent> waiting = new ArrayList<>();
    private long sequence;
    private Digest previous = chain.origin();
    private @Nullable Producer<String, byte[]> producer;

    /** @param patience longest that an event waits for its acknowledgement */
    public KafkaServerTrail(KafkaClients kafka, String topic, String installation, Duration patience) {
        this(() -> kafka.producer("airlock-audit-server", patience), kafka.bootstrap(), topic, installation, patience);
    }

    KafkaServerTrail(
            Supplier<Producer<String, byte[]>> producers,
            String bootstrap,
            String topic,
            String installation,
            Duration patience) {
        this.producers = producers;
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.installation = installation;
        this.patience = patience;
    }

    /** Whose events these are. */
    public ChainId chain() {
        return chain;
    }

    @Override
    public void record(String type, Map<String, Object> data) {
        AuditEntry entry = new AuditEntry(type, Instant.now(), data);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            if (!turn.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw refused(entry, "is busy with earlier ones", null);
            }
            try {
                append(entry, deadline);
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(entry, "was not waited for: this process is stopping", e);
        }
    }

    private void append(AuditEntry entry, long deadline) throws InterruptedException {
        if (waiting.size() >= MOST_WAITING) {
            sendWaiting(entry, deadline);
        }
        EventId id = new EventId(chain, incarnation, sequence + 1);
        AuditEvent event = AuditEvent.chained(new AuditEvent.Source(installation, null), id, previous, entry);
        sequence++;
        previous = event.hash();
        waiting.add(event);
        sendWaiting(entry, deadline);
    }

    private void sendWaiting(AuditEntry entry, long deadline) throws InterruptedException {
        try {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (AuditEvent event : waiting) {
                sent.add(producer().send(record(event)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            waiting.clear();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // What it still holds is sent again by the next one, so that an outage piles up no copies.
            closeProducer(Duration.ZERO);
            String silent = "did not acknowledge it within " + patience.toMillis() + " ms";
            throw refused(entry, KafkaRefusal.in(e).map(KafkaRefusal::what).orElse(silent), e);
        }
    }

    private ProducerRecord<String, byte[]> record(AuditEvent event) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, chain.value(), event.bytes());
        record.headers().add(new RecordHeader("content-type", AuditEvent.CONTENT_TYPE.getBytes(US_ASCII)));
        return record;
    }

    private Producer<String, byte[]> producer() {
        if (producer == null) {
            producer = producers.get();
        }
        return producer;
    }

    /** What Kafka does not take is at least in this process's log. */
    private PlatformException refused(AuditEntry entry, String what, @Nullable Exception cause) {
        LOG.warn("not on the audit trail: {} at {} {}", entry.type(), entry.time(), entry.data());
        String message = "audit topic " + topic + ": Kafka at " + bootstrap + " " + what + " (" + entry.type()
                + "), and nothing is done that is not on the audit trail";
        String hint = KafkaRefusal.in(cause).map(KafkaRefusal::hint).orElse("start Kafka again, then try again");
        return cause == null
                ? PlatformException.of(PlatformException.Code.UNAVAILABLE, message, topic, hint)
                : PlatformException.of(PlatformException.Code.UNAVAILABLE, message, topic, hint, cause);
    }

    /** Does not wait for a broker that is gone; an event that {@link #record} returned for is written. */
    @Override
    public void close() {
        turn.lock();
        try {
            closeProducer(waiting.isEmpty() ? Duration.ofSeconds(2) : Duration.ZERO);
        } finally {
            turn.unlock();
        }
    }

    private void closeProducer(Duration limit) {
        if (producer != null) {
            producer.close(limit);
            producer = null;
        }
    }
}
