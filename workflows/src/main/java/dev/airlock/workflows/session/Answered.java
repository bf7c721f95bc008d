package dev.airlock.workflows.session;

import org.jspecify.annotations.Nullable;

/** A call and its answer, one of the two. */
public record Answered(
        String id, @Nullable ExecResult exec, @Nullable TransferResult transfer) {}
