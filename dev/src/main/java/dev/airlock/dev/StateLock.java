package dev.airlock.dev;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.StateDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One {@code dev} per state directory. Two brokers on one directory destroy each other's data, so this lock comes before
 * everything else. The kernel frees it when the process ends, however it ends.
 */
final class StateLock implements AutoCloseable {
    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws PlatformException with code UNAVAILABLE if another process holds it */
    static StateLock acquire(StateDirectory state) throws IOException {
        FileChannel channel = FileChannel.open(state.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "another dev" + holder(state) + " runs on " + state,
                    state.toString(),
                    "use that one, stop it first, or name another directory with --state DIR");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return new StateLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(StateDirectory state) throws IOException {
        String pid = Files.readString(state.lock(), StandardCharsets.ISO_8859_1).strip();
        return pid.matches("\\d{1,10}") ? " (pid " + pid + ")" : "";
    }

    /** The file stays: who deletes a lock file lets two processes hold two locks of one name. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
