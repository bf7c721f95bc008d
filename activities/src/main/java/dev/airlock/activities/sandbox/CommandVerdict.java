package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.CommandStatus.Suspect;
import dev.airlock.workflows.sandbox.Limit;
import org.jspecify.annotations.Nullable;

/** What the end of a command means. Pure functions. */
public final class CommandVerdict {
    private static final int SIGKILL = 9;
    private static final int ENOENT = 2;
    /** As shells say it. */
    private static final int NOT_FOUND = 127;

    private static final int NOT_EXECUTABLE = 126;
    private static final int SIGNALED = 128;

    private CommandVerdict() {}

    /** Absent when a limit killed it: then the signal says nothing about the command. */
    public static @Nullable Integer exitCode(CommandStatus status) {
        return switch (status.cause()) {
            case EXITED -> status.code();
            case SIGNALED -> limit(status) == null ? SIGNALED + status.code() : null;
            case NOT_STARTED -> status.code() == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
            case TIMEOUT, OUTPUT, KILLED, LEASE, LIMIT, NONE -> null;
        };
    }

    /**
     * The limit that ended a command. Time and output are init's own doing and certain. That memory, processes or disk ran out is
     * known (by init's reading, not by the command's word), but only the kernel's kill for memory ends a command; for the
     * others, and for a command whose child was killed, the limit is named when the command failed by itself after it met one.
     */
    public static @Nullable Limit limit(CommandStatus status) {
        return switch (status.cause()) {
            case TIMEOUT -> Limit.TIMEOUT;
            case OUTPUT -> Limit.OUTPUT;
            case SIGNALED ->
                status.code() == SIGKILL && status.suspects().contains(Suspect.MEMORY) ? Limit.MEMORY : null;
            case EXITED -> status.code() == 0 ? null : suspected(status);
            case LIMIT -> suspected(status);
            case NOT_STARTED, KILLED, LEASE, NONE -> null;
        };
    }

    private static @Nullable Limit suspected(CommandStatus status) {
        if (status.suspects().contains(Suspect.MEMORY)) {
            return Limit.MEMORY;
        }
        if (status.suspects().contains(Suspect.DISK)) {
            return Limit.DISK;
        }
        return status.suspects().contains(Suspect.PIDS) ? Limit.PIDS : null;
    }
}
