package dev.airlock.activities.validate;

import dev.airlock.activities.validate.Change.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Symbolic links as data: judges what a link says, without following it. */
final class Links {
    /** What Linux takes for a path; a longer target leads nowhere. */
    private static final int LONGEST = 4096;

    private Links() {}

    static void look(String path, Entry link, Findings findings) throws IOException {
        byte[] bytes;
        try (InputStream content = link.content().open()) {
            bytes = content.readNBytes(LONGEST);
        }
        String target = new String(bytes, StandardCharsets.UTF_8);
        String shown = "a symbolic link to " + Shown.text(target);
        String wrong = bytes.length == LONGEST ? "which is too long to be a path" : wrong(path, target);
        if (wrong.isEmpty()) {
            findings.warn("links/changed", path, null, shown);
            return;
        }
        findings.block("links/escape", path, null, shown + ", " + wrong);
    }

    /**
     * Why a link must not be, or nothing. After a name, {@code ..} is refused even where the text stays inside: the name may
     * be a link itself, and then it leads elsewhere.
     */
    private static String wrong(String path, String target) {
        if (target.isEmpty() || target.indexOf('\0') >= 0) {
            return "which is no path";
        }
        if (target.startsWith("/") || target.startsWith("\\") || target.matches("(?s)[A-Za-z]:.*")) {
            return "which is absolute";
        }
        long depth = path.chars().filter(each -> each == '/').count();
        boolean named = false;
        for (String part : target.split("[/\\\\]", -1)) {
            switch (part.toLowerCase(Locale.ROOT)) {
                case "", "." -> {}
                case ".." -> {
                    depth--;
                    if (named || depth < 0) {
                        return "which leaves the workspace or may do so";
                    }
                }
                case ".git" -> {
                    return "which leads into git's own directory";
                }
                default -> named = true;
            }
        }
        return "";
    }
}
