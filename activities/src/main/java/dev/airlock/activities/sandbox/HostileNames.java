package dev.airlock.activities.sandbox;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which names out of a sandbox are taken, and which are told apart. Pure functions. */
public final class HostileNames {
    /** Windows makes such short names for long ones; {@code git~1} is what it makes of {@code .git}. */
    private static final Pattern GIT = Pattern.compile("\\.git|git~[0-9]+");

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
    /** Characters that file systems or people do not see: format characters, joiners, byte order marks. */
    private static final Pattern UNSEEN = Pattern.compile("\\p{Cf}|[\\x{034F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}"
            + "\\x{180B}-\\x{180F}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FFA0}\\x{E0100}-\\x{E01EF}]");

    private HostileNames() {}

    /** The text of a name; empty when it is no UTF-8. */
    public static Optional<String> text(byte[] name) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Whether any part of the path is a spelling of {@code .git} on some file system. */
    public static boolean spellsGit(String path) {
        for (String part : path.split("/", -1)) {
            String seen = UNSEEN.matcher(Normalizer.normalize(part, Normalizer.Form.NFKC))
                    .replaceAll("");
            // Windows ignores dots and spaces at the end, and what follows a colon is a stream of the same file.
            String plain =
                    seen.replaceFirst(":.*$", "").replaceFirst("[. ]+$", "").toLowerCase(Locale.ROOT);
            if (GIT.matcher(plain).matches()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a path is not one plain relative path on every system. */
    public static boolean malformed(String path) {
        if (path.isEmpty() || path.startsWith("/") || DRIVE.matcher(path).matches()) {
            return true;
        }
        if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == '\\')) {
            return true;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return true;
            }
        }
        return false;
    }

    /** Two paths with the same key are one and the same on some file system. */
    public static String key(String path) {
        String folded = Normalizer.normalize(path, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        return Normalizer.normalize(UNSEEN.matcher(folded).replaceAll(""), Normalizer.Form.NFC);
    }

    /**
     * Whether a link at {@code path} leaves the tree. Steps upwards count only at the target's beginning: after a name they
     * may start from wherever another link leads.
     */
    public static boolean leaves(String path, String target) {
        int depth = (int) path.chars().filter(c -> c == '/').count();
        boolean descended = false;
        for (String part : target.split("/", -1)) {
            if (part.equals("..")) {
                if (descended || --depth < 0) {
                    return true;
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                descended = true;
            }
        }
        return false;
    }

    /** For messages: what cannot be seen is written out, and long names are cut. */
    public static String shown(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(200).forEach(c -> {
            boolean plain = c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != 0xfffd;
            if (plain && !UNSEEN.matcher(Character.toString(c)).matches()) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format(Locale.ROOT, "\\u{%x}", c));
            }
        });
        return shown.toString();
    }
}
