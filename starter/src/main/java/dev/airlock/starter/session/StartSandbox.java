package dev.airlock.starter.session;

import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.session.SessionRequest.Room;
import dev.airlock.workflows.session.SessionRequest.Timing;
import java.util.UUID;

/**
 * What sandbox is wanted.
 *
 * @param requestId the same one, also after a crash half-way, names the same sandbox
 */
public record StartSandbox(Principal author, String requestId, Room room, Timing timing) {

    /** From the image {@code base}, on whichever engine there is, with the default limits and times. */
    public static StartSandbox by(Principal author) {
        return new StartSandbox(
                author,
                UUID.randomUUID().toString(),
                new Room(CommandSpec.BASE_IMAGE, CommandSpec.Limits.DEFAULT, null, null),
                Timing.DEFAULT);
    }

    /** The same of another image. */
    public StartSandbox of(String image) {
        return in(new Room(image, room.limits(), room.engine(), room.runtime()));
    }

    /** The same, made of something else. */
    public StartSandbox in(Room other) {
        return new StartSandbox(author, requestId, other, timing);
    }

    /** The same with other times. */
    public StartSandbox living(Timing other) {
        return new StartSandbox(author, requestId, room, other);
    }

    /** The same for another request. */
    public StartSandbox asked(String id) {
        return new StartSandbox(author, id, room, timing);
    }
}
