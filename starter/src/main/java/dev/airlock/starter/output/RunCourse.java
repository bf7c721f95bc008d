package dev.airlock.starter.output;

import java.util.Optional;

/** What is known of a run besides its output. */
@FunctionalInterface
public interface RunCourse {
    /** Nothing is. */
    RunCourse UNKNOWN = request -> Optional.empty();

    /**
     * Why nothing more will be printed of what is asked for; empty while something may be, and when nobody knows.
     *
     * @param request names a step and an attempt, a step alone, or neither; without an attempt only the run's end counts
     */
    Optional<String> over(OutputRequest request);
}
