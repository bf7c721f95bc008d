package dev.airlock.evidence.merkle;

import dev.airlock.evidence.canonical.CanonicalJson;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/** Hash of a leaf, a node or a whole tree (RFC 6962 §2.1, SHA-256): 32 bytes. Immutable. */
public final class TreeHash {
    /** Bytes of a hash. */
    public static final int LENGTH = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final byte[] bytes;

    private TreeHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of a leaf that holds this. */
    public static TreeHash ofLeaf(byte[] content) {
        MessageDigest sha256 = CanonicalJson.sha256();
        sha256.update(LEAF);
        return new TreeHash(sha256.digest(content));
    }

    /** Of a node over two others. */
    static TreeHash ofNode(TreeHash left, TreeHash right) {
        MessageDigest sha256 = CanonicalJson.sha256();
        sha256.update(NODE);
        sha256.update(left.bytes);
        return new TreeHash(sha256.digest(right.bytes));
    }

    /** Of the tree without a leaf. */
    static TreeHash ofNothing() {
        return new TreeHash(CanonicalJson.sha256().digest());
    }

    /** @throws IllegalArgumentException if the text is not 32 bytes in base64 */
    public static TreeHash parse(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("not a tree hash: " + bytes.length + " bytes");
        }
        return new TreeHash(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TreeHash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** In base64. */
    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
