package dev.airlock.activities.audit;

import dev.airlock.activities.kafka.TopicWriter;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.evidence.bundle.RunBundle;
import dev.airlock.evidence.verdict.RunVerdict;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.telemetry.Names.Attribute;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.telemetry.WorkSpan;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * What follows from events once they are acknowledged, and before the run learns that they are: the bundle of a run that has
 * ended, and the verdicts. A retry does the same again with the same bytes.
 */
final class Consequences {
    private final TopicWriter writer;
    private final String verdicts;
    private final ReadBack readBack;
    private final ArtifactStore artifacts;

    /** @param verdicts topic of the verdicts */
    Consequences(TopicWriter writer, String verdicts, ReadBack readBack, ArtifactStore artifacts) {
        this.writer = writer;
        this.verdicts = verdicts;
        this.readBack = readBack;
        this.artifacts = artifacts;
    }

    /**
     * Draws them.
     *
     * @param told the events that tell the request's entries
     * @return the head, with the bundle if there is one
     */
    AuditHead draw(EmitRequest request, List<AuditEvent> told, AuditHead head)
            throws InterruptedException, ExecutionException {
        boolean ends = told.stream().anyMatch(event -> event.type().equals(RunVerdict.ENDED));
        AuditHead last = ends ? head.withBundle(bundle(request, head)) : head;
        if (request.about() == null) {
            return last;
        }
        List<RunVerdict> due = told.stream()
                .flatMap(event -> RunVerdict.of(event, request.about(), last.bundle()).stream())
                .toList();
        if (!due.isEmpty()) {
            tell(due);
        }
        return last;
    }

    private void tell(List<RunVerdict> due) throws InterruptedException, ExecutionException {
        Telemetry telemetry = Telemetry.current();
        try (WorkSpan span = telemetry.tracing().send(verdicts, due.size())) {
            List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
            for (RunVerdict verdict : due) {
                Failpoints.hit("verdict.before-send");
                sent.add(writer.send(verdicts, null, verdict.run().value(), verdict.bytes()));
            }
            for (CompletableFuture<RecordMetadata> verdict : sent) {
                verdict.get();
            }
            span.set(Attribute.RUN, due.getFirst().run().value());
        }
        due.forEach(verdict -> telemetry.audit().verdict(verdict.type()));
    }

    private Digest bundle(EmitRequest request, AuditHead head) {
        RunBundle bundle = new RunBundle(request.run(), readBack.topic(), head.partition(), artifacts);
        try {
            readBack.upTo(request, head, (partition, offset, value) -> bundle.add(offset, value));
            return bundle.store();
        } catch (IOException | UncheckedIOException e) {
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "the bundle of " + request.run() + " cannot be kept: " + e.getMessage(),
                    request.run().value(),
                    "mend the state directory (is its disk full?); the run closes once its bundle is kept",
                    e);
        }
    }
}
