package dev.airlock.workflows.change;

import java.time.Duration;

/**
 * Asks for more time.
 *
 * @param extension how much later the review's deadline becomes
 */
public record Extend(Principal by, Duration extension) {}
