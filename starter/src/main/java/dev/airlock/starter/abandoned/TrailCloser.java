package dev.airlock.starter.abandoned;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.evidence.audit.RunTail;
import dev.airlock.evidence.bundle.RunBundle;
import dev.airlock.evidence.verdict.RunVerdict;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.temporal.ClosedRuns.Closed;
import dev.airlock.starter.temporal.ClosedRuns.Story;
import dev.airlock.workflows.audit.AuditActivities.About;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code run.abandoned} as the next event of a run's chain, and the verdict that says so. A run that could write its
 * own {@code run.ended} and was closed before it could tell the verdict is told as it ended. What is written depends on the
 * run and its trail alone: two servers that do it at a time write copies, and one that died in between is completed by the
 * next. One thread at a time.
 */
final class TrailCloser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final int LONGEST_REASON = 300;

    private final KafkaClients kafka;
    private final ArtifactStore artifacts;
    private @Nullable Producer<String, byte[]> producer;

    TrailCloser(KafkaClients kafka, ArtifactStore artifacts) {
        this.kafka = kafka;
        this.artifacts = artifacts;
    }

    /**
     * Closes the trail, unless the run itself has done so, and tells the verdict.
     *
     * @return whether it is abandoned
     * @throws PlatformException with code UNAVAILABLE if Kafka does not take it; to be tried again
     */
    boolean close(Closed closed, Story story) {
        RunTail tail = tail(closed, story, null);
        if (tail.end().isEmpty()) {
            write(closed, story, tail);
            // What stands in the topic is told, so that whoever tells it tells the same.
            tail = tail(closed, story, null);
        }
        tell(closed, story, tail);
        return tail.isAbandoned();
    }

    private void write(Closed closed, Story story, RunTail tail) {
        AuditEntry entry = new AuditEntry(
                "run.abandoned",
                closed.ended(),
                Map.of("outcome", Outcome.ABANDONED.name(), "reason", shorten(story.reason())));
        EmitRequest request = new EmitRequest(
                story.request().origin().installation(),
                closed.run(),
                null,
                List.of(entry),
                new Origin(story.original(), story.started()),
                about(story));
        Integer partition = tail.head().map(AuditHead::partition).orElse(null);
        for (AuditEvent event : tail.close(request).fresh()) {
            send(Topics.AUDIT, partition, closed.run(), event.bytes());
        }
    }

    private void tell(Closed closed, Story story, RunTail tail) {
        AuditEvent end = tail.end().orElseThrow(() -> unavailable("lacks what it took", null));
        Digest whole = bundle(closed, story, tail);
        RunVerdict.of(end, about(story), whole)
                .ifPresent(verdict -> send(Topics.VERDICTS, null, closed.run(), verdict.bytes()));
    }

    private Digest bundle(Closed closed, Story story, RunTail tail) {
        int partition = tail.head().map(AuditHead::partition).orElse(0);
        RunBundle bundle = new RunBundle(closed.run(), Topics.AUDIT, partition, artifacts);
        tail(closed, story, bundle);
        try {
            return bundle.store();
        } catch (IOException e) {
            throw new UncheckedIOException("the bundle of " + closed.run() + " cannot be kept", e);
        }
    }

    private RunTail tail(Closed closed, Story story, @Nullable RunBundle bundle) {
        RunTail tail = new RunTail(closed.run(), closed.incarnation());
        try (AuditReader reader = new AuditReader(kafka, Topics.AUDIT, PATIENCE)) {
            int partitions = reader.partitions();
            for (int each = 0; each < partitions; each++) {
                int partition = each;
                reader.offsetAt(partition, story.started().minus(CLOCK_SKEW))
                        .ifPresent(from -> reader.read(partition, from, closed.run(), (place, offset, value) -> {
                            tail.add(place, offset, value);
                            if (bundle != null) {
                                bundle.add(offset, value);
                            }
                        }));
            }
        }
        return tail;
    }

    private static About about(Story story) {
        ChangeRequest.Origin origin = story.request().origin();
        return new About(
                story.request().target().workspace(), origin.requestSource(), origin.requestId(), origin.traceparent());
    }

    private void send(String topic, @Nullable Integer partition, RunId run, byte[] value) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, partition, run.value(), value);
        record.headers().add(new RecordHeader("content-type", AuditEvent.CONTENT_TYPE.getBytes(US_ASCII)));
        try {
            producer().send(record).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw unavailable("did not take an event of " + run, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for: this process is stopping", e);
        }
    }

    private Producer<String, byte[]> producer() {
        if (producer == null) {
            producer = kafka.producer("airlock-abandoned");
        }
        return producer;
    }

    private PlatformException unavailable(String what, @Nullable Exception cause) {
        String message = "Kafka at " + kafka.bootstrap() + " " + what;
        String hint = "nothing is lost: it is tried again";
        return cause == null
                ? PlatformException.of(PlatformException.Code.UNAVAILABLE, message, Topics.AUDIT, hint)
                : PlatformException.of(PlatformException.Code.UNAVAILABLE, message, Topics.AUDIT, hint, cause);
    }

    private static String shorten(String reason) {
        return reason.codePointCount(0, reason.length()) <= LONGEST_REASON
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, LONGEST_REASON - 1)) + "…";
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(2));
        }
    }
}
