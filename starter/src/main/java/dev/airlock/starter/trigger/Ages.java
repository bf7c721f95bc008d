package dev.airlock.starter.trigger;

import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.workflows.id.RunId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a request is so old that Temporal may have forgotten its run. Age is by the broker's clock; a producer's word does not
 * count.
 */
final class Ages {
    private static final Logger LOG = LoggerFactory.getLogger(Ages.class);

    /** No Temporal forgets a run in less than a day, so that a request younger than this needs no question. */
    private static final Duration YOUNG = Duration.ofHours(12);

    /** What a server forgets after that does not tell. */
    private static final Duration UNTOLD = Duration.ofDays(1);

    private static final Duration MARGIN = Duration.ofHours(1);
    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Clock clock;
    private final Supplier<Optional<Duration>> retention;
    private final KafkaClients kafka;
    private Duration remembered = UNTOLD;
    private Instant asked = Instant.MIN;

    /** @param retention how long Temporal remembers an ended run, if it tells */
    Ages(Clock clock, Supplier<Optional<Duration>> retention, KafkaClients kafka) {
        this.clock = clock;
        this.retention = retention;
        this.kafka = kafka;
    }

    boolean isTooOld(Instant appended) {
        Duration age = Duration.between(appended, clock.instant());
        return age.compareTo(YOUNG) > 0 && age.compareTo(oldest()) > 0;
    }

    private synchronized Duration oldest() {
        Instant now = clock.instant();
        if (asked.equals(Instant.MIN) || asked.plus(FRESH).isBefore(now)) {
            remembered = retention.get().orElse(UNTOLD);
            asked = now;
        }
        return remembered.minus(MARGIN);
    }

    /**
     * Whether the audit trail proves that a run never began: it goes back to before the request came, and knows nothing of the run.
     * Where that cannot be found out, there is no proof.
     */
    boolean provablyNeverStarted(RunId run, Instant appended) {
        AtomicBoolean seen = new AtomicBoolean();
        try (AuditReader trail = new AuditReader(kafka, Topics.AUDIT, PATIENCE)) {
            for (int partition = 0; partition < trail.partitions(); partition++) {
                // Read from its beginning a trail that was cut off there would prove what it does not know.
                Optional<Long> from = trail.offsetAt(partition, appended.minus(MARGIN));
                if (from.isPresent()) {
                    trail.read(partition, from.get(), run, (place, offset, value) -> seen.set(true));
                }
            }
        } catch (PlatformException e) {
            LOG.info("whether {} ever began cannot be found out: {}", run, e.getMessage());
            return false;
        }
        return !seen.get();
    }
}
