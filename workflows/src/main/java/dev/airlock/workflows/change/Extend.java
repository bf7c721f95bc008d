package dev.airlock.workflows.change;

import java.time.Duration;

/** @param by who asks @param extension how much later the review's deadline becomes */
public record Extend(Principal by, Duration extension) {}
