package dev.airlock.workflows.change;

import dev.airlock.workflows.id.Principal;

/**
 * Asks for an end.
 *
 * @param reason one line for people, kept on the audit trail
 */
public record Cancel(Principal by, String reason) {}
