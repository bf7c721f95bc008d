package dev.airlock.workflows.session;

import dev.airlock.workflows.session.SessionRequest.Timing;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox's time: the warning, the end, and how long nobody called. Durable timers, few of them: one that rings too early,
 * because an extension or a call came meanwhile, is set again.
 */
final class SessionClock {
    private final Timing timing;
    private Instant expires;
    private boolean warned;
    private Instant used;
    private @Nullable Promise<Void> life;
    private @Nullable Promise<Void> idle;

    SessionClock(Timing timing, Instant expires, boolean warned) {
        this.timing = timing;
        this.expires = expires;
        this.warned = warned;
        this.used = now();
    }

    /** What it is time for. */
    enum Bell {
        NOTHING,
        WARNING,
        END,
        IDLE
    }

    static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    Instant expires() {
        return expires;
    }

    boolean warned() {
        return warned;
    }

    void start() {
        life = until(next());
    }

    void extend() {
        expires = expires.plus(timing.extension());
        warned = false;
    }

    /** Somebody called just now. */
    void touch() {
        used = now();
        if (idle == null) {
            idle = until(used.plus(timing.idle()));
        }
    }

    boolean rings() {
        return completed(life) || completed(idle);
    }

    /** @return one of the things that it is time for, once */
    Bell ring() {
        if (completed(life)) {
            Bell bell = lifeBell();
            life = bell == Bell.END ? null : until(next());
            return bell;
        }
        if (completed(idle)) {
            boolean over = !now().isBefore(used.plus(timing.idle()));
            idle = over ? null : until(used.plus(timing.idle()));
            return over ? Bell.IDLE : Bell.NOTHING;
        }
        return Bell.NOTHING;
    }

    private Bell lifeBell() {
        if (!now().isBefore(expires)) {
            return Bell.END;
        }
        if (warned || now().isBefore(expires.minus(timing.warning()))) {
            return Bell.NOTHING;
        }
        warned = true;
        return Bell.WARNING;
    }

    private Instant next() {
        return warned ? expires : expires.minus(timing.warning());
    }

    private static Promise<Void> until(Instant when) {
        Duration left = Duration.between(now(), when);
        return Workflow.newTimer(left.isPositive() ? left : Duration.ofMillis(1));
    }

    private static boolean completed(@Nullable Promise<Void> timer) {
        return timer != null && timer.isCompleted();
    }
}
