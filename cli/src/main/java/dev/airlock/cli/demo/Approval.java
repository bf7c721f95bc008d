package dev.airlock.cli.demo;

import dev.airlock.cli.session.Environment;
import dev.airlock.workflows.id.Principal;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.FutureTask;

/**
 * Who decides in the demo: whoever sits at the terminal, or by {@code --yes} somebody who says yes.
 *
 * @param asks whether that is asked
 */
record Approval(Principal by, boolean asks) {
    private static final Principal SECOND = new Principal("user:rita");
    private static final Duration POLL = Duration.ofMillis(50);

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
            String answer = line(environment, stop).strip().toLowerCase(Locale.ROOT);
            if (answer.startsWith("y")) {
                return true;
            }
            // The end of the input is a no, too.
            if (answer.startsWith("n") || answer.isEmpty()) {
                return false;
            }
        }
    }

    /** Reads in a thread of its own: nothing else gets out of a read that waits for a person. */
    private static String line(Environment environment, Stop stop) {
        FutureTask<String> typed = new FutureTask<>(() -> {
            String line =
                    new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        });
        Thread.ofPlatform().daemon().name("answer").start(typed);
        while (!typed.isDone()) {
            stop.pause(POLL);
        }
        return switch (typed.state()) {
            case SUCCESS -> typed.resultNow();
            default -> "";
        };
    }
}
