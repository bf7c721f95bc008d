package dev.airlock.cli.demo;

import dev.airlock.cli.Golden;
import dev.airlock.cli.session.Answers;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The object that the demo ends with. */
class ToldTest {
    @Test
    void isFrozen() throws IOException {
        Told told = new Told(
                true,
                new RunId("run-" + "a".repeat(26)),
                Outcome.PROMOTED,
                new CommitId("2".repeat(40)),
                2,
                new Told.Audit(true, 25),
                new Told.Killed(120, 1, 1.5, true),
                0);
        Golden.check("demo", Answers.line(told.after(Duration.ofMillis(31_250))) + "\n");
    }
}
