package dev.airlock.bench.report;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts the table into the page that shows it. */
public final class Docs {
    private static final String BEGIN = "<!-- bench: begin -->\n";
    private static final String END = "<!-- bench: end -->";

    private Docs() {}

    /** @throws PlatformException when the page has no place for it */
    public static void write(Path page, Report report) throws IOException {
        String old = Files.readString(page);
        int begin = old.indexOf(BEGIN);
        int end = old.indexOf(END);
        if (begin < 0 || end < begin) {
            throw PlatformException.of(
                    PlatformException.Code.NOT_FOUND,
                    page + " has no place for the table",
                    page.toString(),
                    "put " + BEGIN.strip() + " and " + END + " where it belongs");
        }
        String whole = old.substring(0, begin) + BEGIN + Table.markdown(report) + old.substring(end);
        AtomicFile.write(page, whole.getBytes(StandardCharsets.UTF_8));
    }
}
