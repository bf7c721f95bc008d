package dev.airlock.workspace.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * One mistake.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param path where in the document, such as {@code steps[1].with.run}; empty for the document itself
 * @param message what is wrong, in one line
 * @param suggestion what was probably meant
 */
public record PipelineError(
        int line,
        int column,
        String path,
        String message,
        @Nullable String suggestion) {}
