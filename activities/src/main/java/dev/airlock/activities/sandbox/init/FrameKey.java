package dev.airlock.activities.sandbox.init;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a lease's holder proves by that a frame is his own, and init in its answers: without it, whatever a command gets onto
 * the channel is noise. Immutable.
 */
public final class FrameKey {
    static final int LENGTH = 32;
    /** Of the code at the end of a payload. */
    static final int MAC = 16;

    private static final String HMAC = "HmacSHA256";

    private final byte[] bytes;
    private final SecretKeySpec key;

    /** @throws IllegalArgumentException unless there are 32 bytes */
    public FrameKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a key has " + LENGTH + " bytes, not " + bytes.length);
        }
        this.bytes = bytes.clone();
        this.key = new SecretKeySpec(this.bytes, HMAC);
    }

    /** For the one request that tells it. */
    byte[] told() {
        return bytes.clone();
    }

    /** Writes the code of the frame that begins there behind its payload; flag and length must stand in the header already. */
    void seal(byte[] frames, int at, int payload) {
        byte[] mac = of(frames, at, payload - MAC);
        System.arraycopy(mac, 0, frames, at + Frame.HEADER + payload - MAC, MAC);
    }

    /** Whether the payload of the frame that begins there ends with the right code. */
    boolean sealed(byte[] frames, int at, int payload) {
        int end = at + Frame.HEADER + payload;
        return payload >= Long.BYTES + MAC
                && MessageDigest.isEqual(of(frames, at, payload - MAC), Arrays.copyOfRange(frames, end - MAC, end));
    }

    private byte[] of(byte[] frames, int at, int content) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(frames, at, Frame.CRC_AT);
            mac.update(frames, at + Frame.HEADER, content);
            return Arrays.copyOf(mac.doFinal(), MAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "FrameKey";
    }
}
