package dev.airlock.starter.run;

import dev.airlock.workflows.change.RunState;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are wanted.
 *
 * @param state absent means any
 * @param workspace absent means any
 * @param size most items of the page
 * @param page token of the page, absent for the first
 */
public record RunFilter(
        @Nullable RunState state,
        @Nullable String workspace,
        int size,
        @Nullable String page) {}
