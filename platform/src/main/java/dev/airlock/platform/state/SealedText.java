package dev.airlock.platform.state;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Text that only processes of one installation can read, so that it may pass through stores that others read too. AES-256-GCM
 * with a key of its purpose; what it is for is bound to it, so that it opens nowhere else. Pure functions.
 */
public final class SealedText {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private SealedText() {}

    /**
     * @param purpose names the key
     * @param bound what it is for, in clear
     */
    public static String seal(InstallationSecret secret, String purpose, String bound, String text) {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, secret, purpose, bound, nonce)
                    .doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    /** @throws IllegalArgumentException when it was not sealed so */
    public static String open(InstallationSecret secret, String purpose, String bound, String sealed) {
        byte[] all = Base64.getDecoder().decode(sealed);
        if (all.length < NONCE) {
            throw new IllegalArgumentException("it is no sealed text");
        }
        byte[] nonce = Arrays.copyOf(all, NONCE);
        try {
            byte[] text =
                    cipher(Cipher.DECRYPT_MODE, secret, purpose, bound, nonce).doFinal(all, NONCE, all.length - NONCE);
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("it was sealed by another installation, or for something else", e);
        }
    }

    private static Cipher cipher(int mode, InstallationSecret secret, String purpose, String bound, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        SecretKeySpec key = new SecretKeySpec(secret.derive(purpose), "AES");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
