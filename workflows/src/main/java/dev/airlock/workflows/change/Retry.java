package dev.airlock.workflows.change;

import org.jspecify.annotations.Nullable;

/** @param step the step that needs attention; absent means whichever does */
public record Retry(Principal by, @Nullable String step) {}
