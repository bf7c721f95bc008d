package dev.airlock.workflows.change;

/** A run that retries a closed one: it starts at {@code step}, on the content that the closed run had there. */
public record Fork(RunId run, String step, CommitId checkpoint, TreeId tree) {}
