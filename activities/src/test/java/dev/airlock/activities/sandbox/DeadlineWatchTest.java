package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineWatchTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

    private final ListedSandboxes engine = new ListedSandboxes(NOW);

    private void look() throws IOException {
        try (DeadlineWatch watch = new DeadlineWatch(engine, "here")) {
            watch.endOverdue(NOW);
        }
    }

    @Test
    void endsWhatOutlivedItsDeadlineAndItsGrace() throws IOException {
        engine.add("overdue", "run", 3600, -21);
        engine.add("collecting", "run", 3600, -19);
        engine.add("in time", "run", 3600);

        look();

        assertThat(engine.names()).containsExactly("collecting", "in time");
    }

    /** It is the one end that does not depend on what runs inside: one that is stuck must not keep the others alive. */
    @Test
    void goesOnAfterOneThatCannotBeRemoved() throws IOException {
        engine.add("stuck", "run", 3600, -60);
        engine.add("overdue", "run", 3600, -60);
        engine.keep("stuck");

        look();

        assertThat(engine.names()).containsExactly("stuck");
    }
}
