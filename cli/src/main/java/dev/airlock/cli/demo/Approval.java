package dev.airlock.cli.demo;

import dev.airlock.cli.session.Environment;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Who decides in the demo: whoever sits at the terminal, or by {@code --yes} somebody who says yes.
 *
 * @param asks whether that is asked
 */
record Approval(Principal by, boolean asks) {
    private static final Principal SECOND = new Principal("user:rita");
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int LONGEST = 100;

    static Approval atTheTerminal(Principal person) {
        return new Approval(person, true);
    }

    static Approval given() {
        return new Approval(SECOND, false);
    }

    /** Whose change it is: somebody else's than who decides, since nobody approves his own. */
    Principal author() {
        Principal ada = new Principal("user:ada");
        return by.equals(ada) ? new Principal("user:grace") : ada;
    }

    boolean yes(Story story, Environment environment, Stop stop) {
        if (!asks) {
            return true;
        }
        while (true) {
            story.ask("Approve this change as " + by + "? [y/n]");
            Optional<String> answer = line(environment, stop);
            story.answered();
            // The end of the input is a no, too.
            if (answer.isEmpty() || answer.get().startsWith("n")) {
                return false;
            }
            if (answer.get().startsWith("y")) {
                return true;
            }
        }
    }

    /** Reads in a thread of its own: nothing else gets out of a read that waits for a person. */
    private static Optional<String> line(Environment environment, Stop stop) {
        FutureTask<Optional<String>> typed = new FutureTask<>(() -> read(environment.in()));
        Thread.ofPlatform().daemon().name("answer").start(typed);
        while (!typed.isDone()) {
            stop.pause(POLL);
        }
        return typed.state() == Future.State.SUCCESS ? typed.resultNow() : Optional.empty();
    }

    /** One line, and not a byte of the next; empty at the end of the input. */
    private static Optional<String> read(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return Optional.empty();
            }
            if (line.length() < LONGEST) {
                line.append((char) next);
            }
        }
        return Optional.of(line.toString().strip().toLowerCase(Locale.ROOT));
    }
}
