package dev.airlock.evidence.merkle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.evidence.canonical.CanonicalJson;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A named Ed25519 public key, written as verifier keys of signed notes are ({@code NAME+ID+BASE64}, C2SP
 * {@code signed-note}). Immutable; safe for many threads.
 */
public final class VerifyingKey {
    private static final byte ED25519 = 1;
    private static final int RAW = 32;
    private static final Pattern TEXT = Pattern.compile("([^+\\s]+)\\+([0-9a-f]{8})\\+([A-Za-z0-9+/=]+)");
    private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] raw;
    private final PublicKey key;

    private VerifyingKey(String name, byte[] raw, PublicKey key) {
        this.name = name;
        this.raw = raw;
        this.key = key;
    }

    static VerifyingKey of(String name, PublicKey key) {
        byte[] encoded = key.getEncoded();
        return new VerifyingKey(name, Arrays.copyOfRange(encoded, encoded.length - RAW, encoded.length), key);
    }

    /** @throws IllegalArgumentException if the text is no such key */
    public static VerifyingKey parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a verifier key NAME+ID+BASE64: " + text.strip());
        }
        byte[] typed = Base64.getDecoder().decode(matcher.group(3));
        if (typed.length != RAW + 1 || typed[0] != ED25519) {
            throw new IllegalArgumentException("not an Ed25519 key: " + text.strip());
        }
        try {
            byte[] raw = Arrays.copyOfRange(typed, 1, typed.length);
            byte[] encoded = ByteBuffer.allocate(X509_HEAD.length + RAW)
                    .put(X509_HEAD)
                    .put(raw)
                    .array();
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            VerifyingKey parsed = new VerifyingKey(matcher.group(1), raw, key);
            if (!parsed.id().equals(matcher.group(2))) {
                throw new IllegalArgumentException("the key " + text.strip() + " has the id " + parsed.id());
            }
            return parsed;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key: " + text.strip(), e);
        }
    }

    public String name() {
        return name;
    }

    /** Eight hex digits, in every signature. */
    public String id() {
        return HexFormat.of().formatHex(idBytes());
    }

    byte[] idBytes() {
        MessageDigest sha256 = CanonicalJson.sha256();
        sha256.update(name.getBytes(UTF_8));
        sha256.update((byte) '\n');
        sha256.update(ED25519);
        return Arrays.copyOf(sha256.digest(raw), 4);
    }

    boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey that && name.equals(that.name) && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + Arrays.hashCode(raw);
    }

    /** {@code NAME+ID+BASE64}. */
    @Override
    public String toString() {
        byte[] typed = ByteBuffer.allocate(RAW + 1).put(ED25519).put(raw).array();
        return name + "+" + id() + "+" + Base64.getEncoder().encodeToString(typed);
    }
}
