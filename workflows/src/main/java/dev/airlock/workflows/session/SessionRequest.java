package dev.airlock.workflows.session;

import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.Traceparent;
import dev.airlock.workflows.pipeline.CommandSpec.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An interactive sandbox that somebody wants.
 *
 * @param carried what an execution hands to the next one when it continues as new; absent in the first
 */
public record SessionRequest(
        String installation,
        Origin origin,
        Room room,
        Timing timing,
        @Nullable Carried carried) {

    /** Whose it is, and the request that asked for it. */
    public record Origin(
            String requestSource,
            String requestId,
            Principal author,
            @Nullable String traceparent) {
        public Origin {
            traceparent = Traceparent.orNull(traceparent);
        }
    }

    /**
     * What it is made of.
     *
     * @param image name of a registered image
     * @param engine that must make it, absent for whichever there is
     * @param runtime that must isolate it, absent for the engine's own
     */
    public record Room(
            String image,
            Limits limits,
            @Nullable String engine,
            @Nullable String runtime) {}

    /**
     * How long it lives.
     *
     * @param lifetime from its start to its end
     * @param warning how long before the end it is told that it comes
     * @param extension by how much an extension moves the end
     * @param extensions most of them
     * @param idle without a command for so long, its files are kept and its host is freed
     * @param commands after so many calls it continues as new
     */
    public record Timing(
            Duration lifetime, Duration warning, Duration extension, int extensions, Duration idle, int commands) {
        public static final Timing DEFAULT = new Timing(
                Duration.ofHours(2), Duration.ofMinutes(15), Duration.ofHours(1), 22, Duration.ofMinutes(10), 500);

        public Timing {
            if (!lifetime.isPositive() || !extension.isPositive() || !idle.isPositive() || commands < 1) {
                throw new IllegalArgumentException("every length of time is longer than zero");
            }
        }

        /** The longest that it can live. */
        public Duration longest() {
            return lifetime.plus(extension.multipliedBy(extensions));
        }
    }

    /**
     * State that outlives an execution.
     *
     * @param started when the first execution began
     * @param held the sandbox that there is, absent while there is none
     * @param snapshot the last one
     * @param answered the newest calls, so that one that is repeated is answered again and not done again
     * @param head of the audit chain
     */
    public record Carried(
            Instant started,
            Instant expires,
            boolean warned,
            Counters counters,
            @Nullable Held held,
            @Nullable Snapshot snapshot,
            List<Answered> answered,
            AuditHead head) {
        public Carried {
            answered = List.copyOf(answered);
        }
    }

    /** The same for the next execution. */
    SessionRequest with(Carried state) {
        return new SessionRequest(installation, origin, room, timing, state);
    }
}
