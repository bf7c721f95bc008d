package dev.airlock.workflows.change;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.TreeId;

/** A run that retries a closed one: it starts at {@code step}, on the content that the closed run had there. */
public record Fork(RunId run, String step, CommitId checkpoint, TreeId tree) {}
