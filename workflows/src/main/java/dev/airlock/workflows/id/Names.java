package dev.airlock.workflows.id;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names derived from identities (CONTRACT §1). Every part is length-prefixed, so that no two lists of parts hash alike.
 *
 * <p>Pure functions of their arguments; safe in workflow code.
 */
public final class Names {
    private static final char[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();

    private Names() {}

    /** The run that a request starts: the same request, however often it comes, names the same run. */
    public static RunId run(String installation, String source, String requestId) {
        return new RunId("run-" + base32(sha256(installation, source, requestId), 26));
    }

    /** The interactive sandbox that a request starts; as for runs, the same request names the same one. */
    public static SandboxId interactive(String installation, String source, String requestId) {
        return new SandboxId("sandbox-" + base32(sha256(installation, source, requestId), 26));
    }

    /** Name of the sandbox of a step attempt; also what a worker finds it by after a crash. */
    public static String sandbox(String installation, StepAttempt at) {
        return "airlock-"
                + base32(sha256(installation, at.run().value(), at.step(), Integer.toString(at.attempt())), 32);
    }

    /** Token of the n-th command in the sandbox of a step attempt, counted from 0: asking again never runs it again. */
    public static String command(String installation, StepAttempt at, int index) {
        return base32(
                sha256(
                        installation,
                        at.run().value(),
                        at.step(),
                        Integer.toString(at.attempt()),
                        Integer.toString(index)),
                32);
    }

    /**
     * Token of the n-th command that an interactive sandbox was asked for. Ends in its number, by which sandbox-init may forget
     * it and still never run it again.
     *
     * @param id the request's, so that a Temporal reset, which counts again, makes other tokens of other commands
     */
    public static String numbered(String installation, StepAttempt at, long number, String id) {
        return base32(
                        sha256(
                                installation,
                                at.run().value(),
                                Integer.toString(at.attempt()),
                                Long.toString(number),
                                id),
                        32)
                + "." + number;
    }

    /** {@code previoushash} of a run's first audit event. */
    public static Digest auditOrigin(RunId run) {
        return auditOrigin(run.value());
    }

    /** {@code previoushash} of the first audit event of any chain. */
    public static Digest auditOrigin(String chain) {
        return new Digest("sha256:" + HexFormat.of().formatHex(sha256(chain)));
    }

    private static byte[] sha256(String... parts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            digest.update(bytes);
        }
        return digest.digest();
    }

    /** RFC 4648 base32 without padding, lower case. */
    private static String base32(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int bit = i * 5;
            int window = (bytes[bit / 8] & 0xff) << 8 | (bit / 8 + 1 < bytes.length ? bytes[bit / 8 + 1] & 0xff : 0);
            text.append(BASE32[window >> (11 - bit % 8) & 31]);
        }
        return text.toString();
    }
}
