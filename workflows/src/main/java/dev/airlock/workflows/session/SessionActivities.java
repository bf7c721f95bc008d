package dev.airlock.workflows.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.session.SessionRequest.Room;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an interactive sandbox asks of its host. Each has one Temporal attempt and heartbeats its
 * {@link dev.airlock.workflows.sandbox.SandboxPlace}, as {@code Sandbox_run} does; all may be sent again, to the host that has
 * the sandbox, and do nothing twice.
 */
@ActivityInterface(namePrefix = "Session_")
public interface SessionActivities {

    /** Makes the container, or finds it again, and puts the snapshot's files into it. */
    Held open(OpenRequest request);

    /** Runs the command, unless its token was seen before, and keeps its output. Cancelled, it kills the command and says how it ended. */
    ExecOutcome exec(ExecRequest request);

    /** Puts a manifest's files into the workspace. */
    TransferOutcome put(PutRequest request);

    /** Keeps files of the workspace as artifacts. */
    TransferOutcome get(GetRequest request);

    /** Removes the container, and what the host kept of its commands. */
    void release(Lodging lodging);

    /**
     * A container of a sandbox.
     *
     * @param at owner and incarnation
     * @param until its absolute end, which no extension moves
     */
    record Lodging(String installation, StepAttempt at, Room room, Instant until) {}

    /** @param snapshot manifest of the files to begin with, absent for an empty workspace */
    record OpenRequest(Lodging lodging, @Nullable Digest snapshot) {}

    /**
     * @param image that the container was made from
     * @param number the command's, counted over all containers
     * @param token by which sandbox-init knows it
     * @param previous token of the command before it, killed if it runs on because nobody waited for its end
     */
    record ExecRequest(
            Lodging lodging,
            String image,
            long number,
            String token,
            @Nullable String previous,
            Call.Exec call) {}

    record PutRequest(Lodging lodging, String image, Digest manifest, String to) {}

    /** @param whole whether everything is wanted, for a snapshot, as it is; else what a person's disk may hold */
    record GetRequest(Lodging lodging, String image, String from, boolean whole) {}

    /** What became of a command. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = ExecOutcome.Ended.class, name = "ended"),
        @JsonSubTypes.Type(value = ExecOutcome.Gone.class, name = "gone")
    })
    sealed interface ExecOutcome {
        /**
         * It ended.
         *
         * @param command digest of its words
         * @param lost whether its container ended with it
         */
        record Ended(Digest command, CommandEnd end, boolean lost) implements ExecOutcome {}

        /** There is no such container any more. */
        record Gone(boolean mayHaveRun, String detail) implements ExecOutcome {}
    }

    /** What became of a transfer. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = TransferOutcome.Done.class, name = "done"),
        @JsonSubTypes.Type(value = TransferOutcome.Absent.class, name = "absent"),
        @JsonSubTypes.Type(value = TransferOutcome.Gone.class, name = "gone")
    })
    sealed interface TransferOutcome {
        record Done(TransferResult.Transferred files) implements TransferOutcome {}

        /** There is nothing of that name in the workspace. */
        record Absent(String detail) implements TransferOutcome {}

        /** There is no such container any more. */
        record Gone(String detail) implements TransferOutcome {}
    }
}
