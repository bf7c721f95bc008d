package dev.airlock.evidence.artifact;

import com.google.errorprone.annotations.MustBeClosed;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;

/**
 * Keeps bytes by their SHA-256. What was put is durable when {@code put} returns and never changes; putting the same bytes
 * again is cheap and gives the same digest. Safe for many threads and many processes at once; memory use does not depend
 * on the content's size.
 */
public interface ArtifactStore {

    /** Reads the stream to its end, without closing it. */
    Digest put(InputStream content) throws IOException;

    Digest put(byte[] content) throws IOException;

    /**
     * The bytes of an artifact, to be closed by the caller. The last of them are handed out only if all of them together
     * have the digest asked for: else reading fails with {@link TamperedArtifactException}.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    InputStream open(Digest digest) throws IOException;

    /**
     * Bytes kept, unverified.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    long size(Digest digest) throws IOException;

    /** Whether there is one, unverified. */
    boolean has(Digest digest);

    /**
     * Reads the artifact whole and says whether it still is what its digest says.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    boolean verify(Digest digest) throws IOException;

    /** All artifacts in no particular order, unverified; to be closed by the caller. */
    @MustBeClosed
    Stream<Digest> list() throws IOException;
}
