package dev.airlock.starter.push;

import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.id.RunId;

/** A change that is ready to be started; whatever it refers to is durable. */
public record Prepared(RunId run, ChangeRequest change) {}
