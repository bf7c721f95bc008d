package dev.airlock.platform.state;

import dev.airlock.platform.failure.PlatformException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What only the processes of one installation know: 32 random bytes, drawn once and kept in a file for the owner alone. Keys
 * are derived from it, so that whoever takes over has them too, and it is never used itself. Immutable.
 */
public final class InstallationSecret {
    private static final int LENGTH = 32;
    private static final String HMAC = "HmacSHA256";
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final SecretKeySpec secret;

    private InstallationSecret(byte[] bytes) {
        this.secret = new SecretKeySpec(bytes, HMAC);
    }

    /**
     * The one in that file, which the first caller makes. Several processes that ask at once get the same.
     *
     * @throws PlatformException with code USAGE when it cannot be had, was cut off, or others may read it
     */
    public static InstallationSecret keptIn(Path file) {
        try {
            return new InstallationSecret(checked(readOrDraw(file), file));
        } catch (IOException e) {
            throw refused("the installation's secret in " + file + " cannot be read or made: " + e, file);
        }
    }

    private static byte[] readOrDraw(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            byte[] drawn = new byte[LENGTH];
            new SecureRandom().nextBytes(drawn);
            // Its temporary file, and so the file, is the owner's alone from the beginning.
            AtomicFile.writeNew(file, drawn);
            return Files.readAllBytes(file);
        }
    }

    private static byte[] checked(byte[] bytes, Path file) throws IOException {
        if (bytes.length != LENGTH) {
            throw refused(
                    "the installation's secret in " + file + " has " + bytes.length + " bytes, not " + LENGTH
                            + "; restore it, or delete it: sandboxes that run now are lost then",
                    file);
        }
        if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
            throw refused(
                    "others may use the installation's secret in " + file + "; forbid it with chmod 600 " + file, file);
        }
        return bytes;
    }

    private static PlatformException refused(String message, Path file) {
        return PlatformException.of(PlatformException.Code.USAGE, message, file.toString(), "see docs/operations.md");
    }

    /** A key of 32 bytes for that purpose: HMAC-SHA-256 of it. The same purpose always has the same key. */
    public byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(secret);
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "InstallationSecret";
    }
}
