package dev.airlock.workflows.validate;

import org.jspecify.annotations.Nullable;

/**
 * What a validator says. Never holds the secret or the content it is about.
 *
 * @param rule stable id, such as {@code secrets/aws-access-token} or {@code paths/denied}
 * @param path file in the candidate's tree; absent when the finding is about the whole
 * @param line from 1; absent when it has none
 */
public record Finding(
        String rule,
        Severity severity,
        @Nullable String path,
        @Nullable Integer line,
        String message) {

    /** Whether a finding stops the change. */
    public enum Severity {
        BLOCK,
        WARN
    }
}
