package dev.airlock.workflows.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param needs ids of the steps that must have passed before
 * @param when condition in CEL; absent means always
 * @param foreach expression in CEL that fans out; absent means once
 */
public record Step(
        String id,
        List<String> needs,
        @Nullable String when,
        @Nullable String foreach,
        StepUse use) {
    public Step {
        needs = List.copyOf(needs);
    }
}
