package dev.airlock.cli.demo;

import dev.airlock.cli.session.Text.Colour;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The last lines. */
final class Ending {
    private final Story story;

    Ending(Story story) {
        this.story = story;
    }

    /** @param left what could not be removed, if something could not */
    void tell(Told told, @Nullable Path left) {
        story.line("");
        String outcome = told.outcome() == null ? "" : told.outcome().name();
        String seconds = Story.seconds(Duration.ofMillis(Math.round(told.seconds() * 1000)));
        if (told.ok()) {
            story.line(Colour.GOOD, outcome + " after " + told.attempts() + " attempts, in " + seconds + " all told.");
        } else {
            story.line(Colour.BAD, outcome + " after " + seconds + ".");
        }
        story.line(left == null ? "Everything that was started has been ended and removed." : "Left behind: " + left);
        story.line("");
        story.line(Colour.STRONG, "Try next");
        if (told.killed() == null) {
            next("./airlock demo --kill-worker", "kills the worker in the middle of a test");
        }
        next("./airlock dev", "the same, to stay; then in another terminal:");
        next("./airlock workspace create orders --from examples/orders", "");
        next("./airlock push orders --task examples/orders/task.md", "");
        next("./airlock --help", "and README.md for the rest");
    }

    private void next(String command, String what) {
        String gap = " ".repeat(Math.max(2, 33 - command.length()));
        story.line("  " + command + (what.isEmpty() ? "" : gap + what));
    }
}
