package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SandboxSweepTest {
    private static final RunId OVER = new RunId("run-" + "a".repeat(26));
    private static final RunId OPEN = new RunId("run-" + "b".repeat(26));
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

    private final ListedSandboxes engine = new ListedSandboxes(NOW);
    private final List<RunId> asked = new ArrayList<>();

    private SandboxClaim claim(RunId run) {
        asked.add(run);
        return run.equals(OVER)
                ? SandboxClaim.only(Set.of(), "it is over")
                : SandboxClaim.only(Set.of("in-use"), "it is at another");
    }

    private List<String> sweep() throws IOException {
        return new SandboxSweep(engine, "here", this::claim).sweep(NOW);
    }

    @Test
    void asksNobodyWhenThereIsNothing() throws IOException {
        assertThat(sweep()).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void removesWhatNobodyClaims() throws IOException {
        engine.add("over-1", OVER.value(), 3600);
        engine.add("over-2", OVER.value(), 21);
        engine.add("in-use", OPEN.value(), 3600);
        engine.add("left", OPEN.value(), 3600);

        assertThat(sweep()).containsExactly("over-1", "over-2", "left");
        assertThat(engine.names()).containsExactly("in-use");
        assertThat(asked).as("each run once").containsExactly(OVER, OPEN);
    }

    @Test
    void leavesTheYoungWithoutAsking() throws IOException {
        engine.add("young", OVER.value(), 19);
        engine.add("from the future", OVER.value(), -3600);

        assertThat(sweep()).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void leavesWhatNamesNoRun() throws IOException {
        engine.add("strange", "no run \u202e", 3600);
        engine.add("over", OVER.value(), 3600);

        assertThat(sweep()).containsExactly("over");
    }

    /** Were it to stop at the first, one that a daemon does not let go would keep all that come after it for ever. */
    @Test
    void goesOnAfterOneThatCannotBeRemoved() throws IOException {
        engine.add("stuck", OVER.value(), 3600);
        engine.add("over", OVER.value(), 3600);
        engine.keep("stuck");

        assertThat(sweep()).containsExactly("over");
        assertThat(engine.names()).containsExactly("stuck");
    }

    @Test
    void removesNothingWhenNobodyKnows() {
        engine.add("over", OVER.value(), 3600);
        SandboxSweep sweep = new SandboxSweep(engine, "here", run -> {
            throw new IOException("Temporal is away");
        });

        assertThatThrownBy(() -> sweep.sweep(NOW)).hasMessage("Temporal is away");
        assertThat(engine.names()).containsExactly("over");
    }
}
