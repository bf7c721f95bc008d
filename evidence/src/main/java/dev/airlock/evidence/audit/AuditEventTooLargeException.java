package dev.airlock.evidence.audit;

/** An event exceeds {@link AuditEvent#MAX_BYTES}. What is large belongs into an artifact, and its digest into the event. */
public final class AuditEventTooLargeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    AuditEventTooLargeException(EventId id, String type, int bytes) {
        super("audit event " + id + " (" + type + ") has " + bytes + " bytes, at most " + AuditEvent.MAX_BYTES
                + " are allowed; keep the content as an artifact and put its digest into the event");
    }
}
