package dev.airlock.activities.sandbox.init;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a command stands.
 *
 * @param code exit code, signal or errno, as {@code cause} says
 * @param truncated bytes past the output's bound were thrown away
 * @param suspects limits that it met, by init's own reading; hints, never proofs
 */
public record CommandStatus(State state, Cause cause, int code, boolean truncated, Set<Suspect> suspects, Usage usage) {

    public CommandStatus {
        suspects = Set.copyOf(suspects);
    }

    public boolean ended() {
        return state == State.ENDED;
    }

    /** The main process exited with 0 by itself. */
    public boolean passed() {
        return state == State.ENDED && cause == Cause.EXITED && code == 0;
    }

    public enum State {
        UNKNOWN,
        RUNNING,
        /** Waited for, its output drained, everything else killed and reaped. Final. */
        ENDED
    }

    /** Why it ended. */
    public enum Cause {
        NONE,
        EXITED,
        SIGNALED,
        TIMEOUT,
        OUTPUT,
        KILLED,
        NOT_STARTED,
        LEASE,
        /** Killed by init for a limit that it watches itself; the suspects say which. */
        LIMIT
    }

    /** A limit of the sandbox. */
    public enum Suspect {
        MEMORY(1),
        PIDS(2),
        DISK(4);

        private final int bit;

        Suspect(int bit) {
            this.bit = bit;
        }
    }

    /** @param output bytes kept so far */
    public record Usage(long output, Duration wall, Duration cpu, long maxRssKib) {}

    static CommandStatus read(ByteBuffer in) {
        State state = one(State.values(), Fields.u8(in));
        Cause cause = one(Cause.values(), Fields.u8(in));
        int code = in.getInt();
        boolean truncated = (Fields.u8(in) & 1) != 0;
        Set<Suspect> suspects = suspects(Fields.u8(in));
        in.get();
        Usage usage =
                new Usage(in.getLong(), Duration.ofMillis(in.getLong()), Duration.ofMillis(in.getLong()), in.getLong());
        return new CommandStatus(state, cause, code, truncated, suspects, usage);
    }

    private static Set<Suspect> suspects(int bits) {
        Set<Suspect> found = EnumSet.noneOf(Suspect.class);
        for (Suspect suspect : Suspect.values()) {
            if ((bits & suspect.bit) != 0) {
                found.add(suspect);
            }
        }
        return found;
    }

    private static <T> T one(T[] all, int number) {
        if (number >= all.length) {
            throw new IllegalArgumentException("a status with the unknown number " + number);
        }
        return all[number];
    }
}
