package dev.airlock.evidence.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Trails to verify and to tamper with. */
final class Trails {
    static final String INSTALLATION = "0123456789abcdef";
    static final RunId RUN = Names.run(INSTALLATION, "airlock:cli", "one");
    static final String INCARNATION = "0198c2a1-0000-7000-8000-000000000001";

    private Trails() {}

    static AuditEntry entry(int number) {
        return new AuditEntry(
                number == 1 ? "run.started" : "step.completed",
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number),
                Map.of("number", number, "verdict", "PASSED", "nested", Map.of("ok", true, "list", List.of("ä", 2))));
    }

    /** As many events as asked for, after the head. */
    static List<AuditEvent> events(RunId run, String incarnation, @Nullable AuditHead head, int from, int count) {
        List<AuditEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry(from + i));
        }
        EmitRequest request = new EmitRequest(INSTALLATION, run, head, entries);
        return new AuditChain(request, incarnation).plan(List.of()).fresh();
    }

    static List<byte[]> trail(RunId run, int count) {
        return bytes(events(run, INCARNATION, null, 1, count));
    }

    static List<byte[]> bytes(List<AuditEvent> events) {
        return new ArrayList<>(events.stream().map(AuditEvent::bytes).toList());
    }

    static String text(AuditEvent event) {
        return new String(event.bytes(), UTF_8);
    }

    static ObjectNode json(byte[] record) {
        try {
            return (ObjectNode) Payloads.mapper().readTree(record);
        } catch (IOException e) {
            throw new IllegalArgumentException(new String(record, UTF_8), e);
        }
    }

    /** Changes a record and leaves its hash as it was. */
    static byte[] altered(byte[] record, Consumer<ObjectNode> change) {
        ObjectNode event = json(record);
        change.accept(event);
        return CanonicalJson.bytes(event);
    }

    /** Changes a record and gives it the hash of its new content. */
    static byte[] forged(byte[] record, Consumer<ObjectNode> change) {
        return altered(record, event -> {
            change.accept(event);
            event.remove("hash");
            event.put("hash", CanonicalJson.digest(event).value());
        });
    }
}
