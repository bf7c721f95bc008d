package dev.airlock.platform.state;

import dev.airlock.platform.failure.PlatformException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id in every label, name and lock of an installation: drawn once, kept in a file. */
final class Installation {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 16;

    private Installation() {}

    static String of(Path file, @Nullable String override) {
        try {
            if (override != null && !override.isEmpty()) {
                String given = checked(override, "AIRLOCK_INSTALLATION");
                AtomicFile.writeNew(file, line(given));
                return given;
            }
            return checked(readOrDraw(file), file.toString());
        } catch (IOException e) {
            throw PlatformException.of(
                    PlatformException.Code.USAGE,
                    "the installation's id in " + file + " cannot be read or made: " + e,
                    file.toString(),
                    "name a state directory you may write with --state DIR",
                    e);
        }
    }

    private static String readOrDraw(Path file) throws IOException {
        try {
            return read(file);
        } catch (NoSuchFileException e) {
            AtomicFile.writeNew(file, line(draw()));
            return read(file);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    private static byte[] line(String id) {
        return (id + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String draw() {
        SecureRandom random = new SecureRandom();
        StringBuilder id = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    private static String checked(String id, String origin) {
        if (!FORM.matcher(id).matches()) {
            throw PlatformException.of(
                    PlatformException.Code.USAGE,
                    "the installation's id in " + origin + " has another form than 1 to 64 of A-Z a-z 0-9 . _ -",
                    origin,
                    "restore the id, or set AIRLOCK_INSTALLATION to it");
        }
        return id;
    }
}
