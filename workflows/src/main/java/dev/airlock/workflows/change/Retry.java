package dev.airlock.workflows.change;

import dev.airlock.workflows.id.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Asks for another attempt.
 *
 * @param step the step that needs attention; absent means whichever does
 */
public record Retry(Principal by, @Nullable String step) {}
