package dev.airlock.starter.output;

import dev.airlock.workflows.id.RunId;
import org.jspecify.annotations.Nullable;

/**
 * Which output is wanted.
 *
 * @param step absent means the one that runs or ran last
 * @param attempt absent means the latest
 * @param follow whether to wait for the attempt's begin and end
 * @param offset first byte that is wanted
 */
public record OutputRequest(
        RunId run, @Nullable String step, @Nullable Integer attempt, boolean follow, long offset) {}
