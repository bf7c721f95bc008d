package dev.airlock.activities.egress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lets an answer through as long as it does not hold the secret that went out with the request: an upstream that repeats what it was sent
 * must not hand it to the sandbox. What could be the secret's beginning is held back until it is known not to be. For one thread.
 */
final class SecretGuard extends InputStream {
    private final InputStream in;
    private final byte[] secret;
    /** How much of the secret is matched again when the next byte does not match (Knuth, Morris and Pratt). */
    private final int[] fallback;

    private final byte[] buffer = new byte[16 * 1024];
    private final byte[] ready;
    private int readyFrom;
    private int readyTo;
    private int matched;
    private boolean ended;

    SecretGuard(InputStream in, String secret) {
        this.in = in;
        this.secret = secret.getBytes(StandardCharsets.US_ASCII);
        this.fallback = fallback(this.secret);
        this.ready = new byte[buffer.length + this.secret.length];
    }

    private static int[] fallback(byte[] word) {
        int[] next = new int[word.length];
        for (int i = 1, k = 0; i < word.length; i++) {
            while (k > 0 && word[i] != word[k]) {
                k = next[k - 1];
            }
            k += word[i] == word[k] ? 1 : 0;
            next[i] = k;
        }
        return next;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        while (readyFrom == readyTo && !ended) {
            fill();
        }
        if (readyFrom == readyTo) {
            return -1;
        }
        int count = Math.min(length, readyTo - readyFrom);
        System.arraycopy(ready, readyFrom, to, offset, count);
        readyFrom += count;
        return count;
    }

    private void fill() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        readyFrom = 0;
        readyTo = 0;
        if (count < 0) {
            ended = true;
            release(matched);
            return;
        }
        for (int i = 0; i < count; i++) {
            take(buffer[i]);
        }
    }

    private void take(byte next) throws BlockedException {
        while (matched > 0 && secret[matched] != next) {
            int keeps = fallback[matched - 1];
            release(matched - keeps);
            matched = keeps;
        }
        if (secret[matched] != next) {
            ready[readyTo++] = next;
        } else if (++matched == secret.length) {
            throw new BlockedException(Blocked.SECRET_ECHO);
        }
    }

    /** The first of the held bytes were no secret: they are those of the secret's beginning. */
    private void release(int count) {
        System.arraycopy(secret, 0, ready, readyTo, count);
        readyTo += count;
    }
}
