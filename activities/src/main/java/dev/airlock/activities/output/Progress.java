package dev.airlock.activities.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far an attempt's output was passed on, kept for the next process.
 *
 * <p>Always behind the truth: what is passed on again does no harm. So it is written in one piece and never synced, and one
 * that cannot be read counts as nothing.
 *
 * @param acknowledged bytes from the beginning that Kafka has
 * @param ended whether the file is as long as it will ever be
 */
record Progress(long acknowledged, boolean ended) {
    static final Progress NOTHING = new Progress(0, false);
    private static final Pattern FORM = Pattern.compile("([0-9]{18}) (open|done)\n");

    /** Empty when there is no such file. */
    static Optional<Progress> read(Path file) throws IOException {
        try {
            return Optional.of(parse(new String(Files.readAllBytes(file), US_ASCII)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Progress parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new Progress(Long.parseLong(form.group(1)), form.group(2).equals("done"))
                : NOTHING;
    }

    void write(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        byte[] text = String.format(Locale.ROOT, "%018d %s\n", acknowledged, ended ? "done" : "open")
                .getBytes(US_ASCII);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text), 0);
        }
    }
}
