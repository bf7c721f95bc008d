package dev.airlock.workflows.pipeline;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step does: {@code uses} and {@code with} of the pipeline language. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "uses")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StepUse.Generate.class, name = "generate"),
    @JsonSubTypes.Type(value = StepUse.Validate.class, name = "validate"),
    @JsonSubTypes.Type(value = StepUse.Sandbox.class, name = "sandbox"),
    @JsonSubTypes.Type(value = StepUse.Review.class, name = "review"),
    @JsonSubTypes.Type(value = StepUse.Promote.class, name = "promote"),
    @JsonSubTypes.Type(value = StepUse.Wait.class, name = "wait"),
    @JsonSubTypes.Type(value = StepUse.Emit.class, name = "emit")
})
public sealed interface StepUse {

    /**
     * Makes the candidate.
     *
     * @param agent the command that changes the files; absent when only pushed candidates are accepted
     * @param fromBase each attempt starts from the base instead of the previous attempt's checkpoint
     */
    record Generate(@Nullable CommandSpec agent, boolean fromBase) implements StepUse {}

    /**
     * Looks at the candidate without running it.
     *
     * @param checks which checks run, by name; one that is not listed does not
     * @param policy path of a policy file in the base; absent means none
     */
    record Validate(
            List<String> checks,
            Paths paths,
            Sizes sizes,
            @Nullable String policy) implements StepUse {
        public Validate {
            checks = List.copyOf(checks);
        }
    }

    /** Runs a command on the candidate; exit code 0 passes. */
    record Sandbox(CommandSpec command, List<String> artifacts) implements StepUse {
        public Sandbox {
            artifacts = List.copyOf(artifacts);
        }
    }

    /**
     * Waits for people.
     *
     * @param approvals how many distinct persons must approve
     * @param from roles of which one is required; empty means any
     * @param notAuthor whether the change's author may not approve
     */
    record Review(int approvals, List<String> from, boolean notAuthor, Duration timeout) implements StepUse {
        public Review {
            from = List.copyOf(from);
        }
    }

    /**
     * Moves the branch.
     *
     * @param branch absent means the branch that the change is for
     */
    record Promote(@Nullable String branch) implements StepUse {}

    /**
     * Waits for something that happens elsewhere.
     *
     * @param type of the event
     * @param match condition in CEL that it must meet; absent means any of that type will do
     * @param timeout after which the step is red and the run expires
     */
    record Wait(String type, @Nullable String match, Duration timeout) implements StepUse {}

    /**
     * Tells others something.
     *
     * @param topic must be one that the installation allows
     * @param data JSON text
     */
    record Emit(String topic, String type, String data) implements StepUse {}

    /** Glob patterns over paths in the tree; {@code deny} wins, an empty {@code allow} allows everything else. */
    record Paths(List<String> allow, List<String> deny) {
        public Paths {
            allow = List.copyOf(allow);
            deny = List.copyOf(deny);
        }
    }

    /**
     * Bounds in bytes.
     *
     * @param file most for one changed file
     * @param total most for all changed files together
     */
    record Sizes(long file, long total) {}
}
