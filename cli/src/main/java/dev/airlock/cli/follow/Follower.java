package dev.airlock.cli.follow;

import dev.airlock.cli.session.Screen;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.run.Durations;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.starter.run.Waited;
import dev.airlock.starter.run.Watch;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a run until it has come where it is followed to. An outage of Temporal is sat out for a minute; a Ctrl-C ends the
 * looking, never the run.
 */
public final class Follower {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);
    private static final int YES = 0;
    private static final int NO = 1;
    private static final int UNKNOWN = 2;

    private final Session session;
    private final RunId run;
    private final WaitFor goal;
    private final @Nullable Duration timeout;

    /**
     * @param goal a review ends the following at a review, an end and where a person is needed; an end only there
     * @param timeout absent means as long as it takes
     */
    public Follower(Session session, RunId run, WaitFor goal, @Nullable Duration timeout) {
        this.session = session;
        this.run = run;
        this.goal = goal;
        this.timeout = timeout;
    }

    /** @return 0 at a review or a promotion, 1 when the run ended otherwise, 2 when it needs attention */
    public int follow() {
        Progress progress = progress();
        Thread farewell = Thread.ofPlatform().unstarted(() -> left(progress));
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            RunStatus last = look(progress);
            progress.end();
            if (!session.answers().json()) {
                session.answers().text(text -> new NextSteps(session, last).write(text));
            }
            return code(last);
        } finally {
            progress.end();
            forget(farewell);
        }
    }

    private Progress progress() {
        if (session.answers().json()) {
            return new JsonProgress(session.answers());
        }
        return session.environment().redraws()
                ? new ScreenProgress(new Screen(session.environment()))
                : new LineProgress(session.answers());
    }

    private RunStatus look(Progress progress) {
        long start = System.nanoTime();
        Watch watch = new Watch(() -> session.client().status(run));
        Duration pause = SHORTEST_PAUSE;
        RunStatus last = null;
        while (true) {
            RunStatus now = watch.look();
            progress.show(now);
            if (session.answers().broken()) {
                throw unheard();
            }
            Duration left = left(start);
            if (now.outcome() != null || now.state() == RunState.ENDED) {
                return ended(progress, left);
            }
            if (goal == WaitFor.REVIEW && needsPerson(now)) {
                return now;
            }
            if (left != null && left.isZero()) {
                throw late(now);
            }
            pause = now.equals(last) ? longer(pause) : SHORTEST_PAUSE;
            last = now;
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** Absent means as long as it takes. */
    private @Nullable Duration left(long start) {
        if (timeout == null) {
            return null;
        }
        Duration left = timeout.minusNanos(System.nanoTime() - start);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private static boolean needsPerson(RunStatus now) {
        return now.state() == RunState.WAITING_REVIEW || now.state() == RunState.NEEDS_ATTENTION;
    }

    /** A run has ended for good when its audit trail is whole. */
    private RunStatus ended(Progress progress, @Nullable Duration left) {
        Waited waited = session.client().await(run, WaitFor.END, left);
        progress.show(waited.status());
        return waited.status();
    }

    private static int code(RunStatus last) {
        if (last.outcome() != null) {
            return last.outcome() == Outcome.PROMOTED ? YES : NO;
        }
        return last.state() == RunState.NEEDS_ATTENTION ? UNKNOWN : YES;
    }

    private AirlockException late(RunStatus now) {
        String what = goal == WaitFor.END ? "did not end" : "did not come to a review";
        String within = timeout == null ? "the time" : Durations.text(timeout);
        return new AirlockException(
                ErrorCode.TIMEOUT,
                run + " " + what + " within " + within + "; its state is " + Lines.state(now),
                run.value(),
                "it goes on; " + NextSteps.again(session, run) + " looks again");
    }

    private AirlockException unheard() {
        return new AirlockException(
                ErrorCode.UNAVAILABLE,
                "nobody reads any more",
                run.value(),
                run + " goes on; " + NextSteps.again(session, run) + " looks again");
    }

    private void left(Progress progress) {
        progress.end();
        String start = session.environment().redraws() ? "\r" : "";
        session.environment()
                .err()
                .println(start + "airlock: " + run + " goes on; " + NextSteps.again(session, run) + " looks again");
        session.environment().err().flush();
    }

    private static void forget(Thread farewell) {
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException e) {
            // The program is ending, and the farewell is being said.
        }
    }
}
