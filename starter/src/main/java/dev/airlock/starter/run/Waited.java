package dev.airlock.starter.run;

/**
 * Where a wait led.
 *
 * @param reached whether to what was waited for: a review that is open, or the end as promoted
 */
public record Waited(RunStatus status, boolean reached) {}
