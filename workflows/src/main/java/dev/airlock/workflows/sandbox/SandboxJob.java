package dev.airlock.workflows.sandbox;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command in one sandbox.
 *
 * @param installation part of the sandbox's name
 * @param scheduledAt workflow time; the time of the checkpoint commit, so that doing it again makes the same commit
 * @param egress digest of what the run asked for on the network before; absent when that was nothing, or this command has none
 */
public record SandboxJob(
        String installation,
        StepAttempt at,
        Tree tree,
        CommandSpec command,
        Input input,
        Product product,
        Instant scheduledAt,
        @Nullable Digest egress) {

    /** The first command with a network in its run, or one without. */
    public SandboxJob(
            String installation,
            StepAttempt at,
            Tree tree,
            CommandSpec command,
            Input input,
            Product product,
            Instant scheduledAt) {
        this(installation, at, tree, command, input, product, scheduledAt, null);
    }

    /** The files the command works on: those of {@code commit}. */
    public record Tree(String workspace, CommitId base, CommitId commit) {}

    /**
     * What lies in the directory that {@code AIRLOCK_INPUT} names (CONTRACT §10); each only if there is something to tell.
     *
     * @param output the failed step's output; its last 1 MiB is handed over
     */
    public record Input(
            @Nullable Digest task,
            @Nullable Digest findings,
            @Nullable Digest output,
            @Nullable String reason) {
        public static final Input NONE = new Input(null, null, null, null);
    }

    /**
     * What the command is to leave behind.
     *
     * @param checkpoint set when the tree after the command becomes a checkpoint; its author
     * @param artifacts patterns of files to keep as artifacts; they never change the tree
     */
    public record Product(@Nullable Principal checkpoint, List<String> artifacts) {
        public Product {
            artifacts = List.copyOf(artifacts);
        }
    }
}
