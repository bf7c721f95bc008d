package dev.airlock.workflows.sandbox;

/** Where a job's sandbox is: the worker host (its task queue is {@code airlock-sandbox-HOST}) and the container's name. */
public record SandboxPlace(String host, String container) {}
