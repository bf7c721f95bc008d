package dev.airlock.workflows.change;

import dev.airlock.workflows.id.Principal;
import java.time.Duration;

/**
 * Asks for more time.
 *
 * @param extension how much later the review's deadline becomes
 */
public record Extend(Principal by, Duration extension) {}
