package dev.airlock.workflows.id;

/** Content that a run carries: a commit and its tree. */
public record Checkpoint(CommitId commit, TreeId tree) {}
