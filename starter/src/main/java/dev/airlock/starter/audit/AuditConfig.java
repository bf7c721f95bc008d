package dev.airlock.starter.audit;

import dev.airlock.platform.settings.Settings;
import java.time.Duration;

/**
 * What the server's part in the audit trail needs to know.
 *
 * @param checkpoints how long what is written may stand without a signed checkpoint
 */
public record AuditConfig(Duration checkpoints) {
    private static final Duration BY_DEFAULT = Duration.ofMinutes(5);

    /** {@code audit.checkpoint-interval}. */
    public static AuditConfig from(Settings settings) {
        return new AuditConfig(settings.duration("audit.checkpoint-interval", BY_DEFAULT));
    }
}
