package dev.airlock.workflows.pipeline;

import java.time.Duration;
import java.util.List;

/**
 * A compiled pipeline.
 *
 * @param steps in an order in which every step comes after all it needs
 */
public record Pipeline(String name, String workspace, Limits limits, List<Step> steps) {
    public Pipeline {
        steps = List.copyOf(steps);
    }

    /**
     * @param attempts how often generate may be tried, from 1; attempts lost to infrastructure do not count
     * @param deadline after which a run that is not promoting expires
     */
    public record Limits(int attempts, Duration deadline) {}
}
