package dev.airlock.workflows.session;

import dev.airlock.workflows.audit.AuditHead;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An interactive sandbox as others see it.
 *
 * @param expires when it ends unless it is extended
 * @param held absent while there is no container
 * @param snapshot the last one
 * @param outcome present once it has ended
 * @param refused why it could not be made
 * @param audit last acknowledged audit event
 */
public record SessionView(
        SessionState state,
        Instant expires,
        @Nullable Held held,
        Counters counters,
        @Nullable Snapshot snapshot,
        @Nullable SessionOutcome outcome,
        @Nullable Refused refused,
        @Nullable AuditHead audit) {}
