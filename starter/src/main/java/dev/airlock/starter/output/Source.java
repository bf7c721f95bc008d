package dev.airlock.starter.output;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The two places that hold an attempt's output, and how far it was read. */
final class Source {
    private static final int CHUNK = 32 << 10;

    private final Path live;
    private final ArtifactStore artifacts;
    private final String step;
    private final int attempt;
    private long offset;

    Source(Path live, ArtifactStore artifacts, String step, int attempt, long offset) {
        this.live = live;
        this.artifacts = artifacts;
        this.step = step;
        this.attempt = attempt;
        this.offset = offset;
    }

    /**
     * Hands over all there is from the offset on.
     *
     * @param report the kept output, when the attempt has ended; what live output lacks is taken from there
     * @return whether there was anything
     */
    boolean drain(@Nullable Digest report, OutputSink sink) throws IOException {
        boolean any = drainLive(sink);
        return report == null ? any : drainKept(report, sink) || any;
    }

    private boolean drainLive(OutputSink sink) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(live)) {
            if (file.size() <= offset) {
                return false;
            }
            file.position(offset);
            return copy(Channels.newInputStream(file), sink);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private boolean drainKept(Digest report, OutputSink sink) throws IOException {
        if (artifacts.size(report) <= offset) {
            return false;
        }
        try (InputStream kept = artifacts.open(report)) {
            kept.skipNBytes(offset);
            return copy(kept, sink);
        }
    }

    private boolean copy(InputStream in, OutputSink sink) throws IOException {
        byte[] buffer = new byte[CHUNK];
        boolean any = false;
        for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
            sink.accept(new OutputChunk(step, attempt, offset, Arrays.copyOf(buffer, count)));
            offset += count;
            any = true;
        }
        return any;
    }
}
