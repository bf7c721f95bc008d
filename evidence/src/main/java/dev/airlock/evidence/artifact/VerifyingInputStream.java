package dev.airlock.evidence.artifact;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Hashes what is read and compares at the length known from the start, so that a reader who counts bytes and never asks
 * for the end of the stream is warned as well.
 */
final class VerifyingInputStream extends FilterInputStream {
    private final Digest expected;
    private final MessageDigest hash = CanonicalJson.sha256();
    private long remaining;
    private boolean compared;

    VerifyingInputStream(InputStream in, Digest expected, long length) {
        super(in);
        this.expected = expected;
        this.remaining = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) == -1 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count > 0) {
            hash.update(buffer, offset, count);
            remaining -= count;
        }
        if (count == -1 || remaining == 0) {
            compare();
        }
        if (remaining < 0) {
            throw new TamperedArtifactException(expected, "something longer");
        }
        return count;
    }

    /** Skipped bytes are hashed too. */
    @Override
    public long skip(long count) throws IOException {
        long skipped = 0;
        byte[] buffer = new byte[8192];
        while (skipped < count) {
            int read = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
            if (read == -1) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void compare() throws IOException {
        if (compared) {
            return;
        }
        compared = true;
        String found = "sha256:" + HexFormat.of().formatHex(hash.digest());
        if (!found.equals(expected.value())) {
            throw new TamperedArtifactException(expected, found);
        }
    }
}
