package dev.airlock.activities.egress;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.airlock.activities.sandbox.init.TunnelNews;
import dev.airlock.evidence.egress.EgressDocument;
import dev.airlock.evidence.egress.EgressDocument.Entry;
import dev.airlock.evidence.egress.EgressDocument.Verdict;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.StepAttempt;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt asked for and got, counted by kind. Every decision is on the disk before it is acted on, so a worker that goes on after
 * another died goes on with its counts. Bounded in memory and on the disk. Thread-safe.
 */
final class EgressLog implements Closeable {
    private static final int MOST_LINES = 20_000;
    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST_COMMAND = 200;
    private static final int LONGEST_HOST = 100;

    private final StepAttempt at;
    private final FileChannel journal;
    private final Map<Entry, long[]> counts = new LinkedHashMap<>();
    private long more;
    private int lines;

    private EgressLog(StepAttempt at, FileChannel journal) {
        this.at = at;
        this.journal = journal;
    }

    /** Goes on with what is in the file. */
    static EgressLog open(Path file, StepAttempt at) throws IOException {
        EgressLog log = new EgressLog(
                at,
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                log.recall(line);
            }
        } catch (NoSuchFileException e) {
            return log;
        }
        return log;
    }

    /** A line that was cut when its worker died is none. */
    private void recall(String line) {
        lines++;
        try {
            Entry entry = Payloads.mapper().readValue(line, Entry.class);
            count(kind(entry), entry.count(), entry.sent(), entry.received());
        } catch (JsonProcessingException e) {
            more++;
        }
    }

    /** @return of what kind it is, for {@link #carried} */
    Entry note(Verdict verdict, String host, int port, String method, @Nullable String reason, TunnelNews.Peer peer)
            throws IOException {
        Entry kind = new Entry(
                at.step(),
                at.attempt(),
                verdict,
                shown(host, LONGEST_HOST),
                port,
                method,
                reason,
                command(peer),
                0,
                0,
                0);
        add(kind, 1, 0, 0);
        return kind;
    }

    void carried(Entry kind, long sent, long received) throws IOException {
        if (sent + received > 0) {
            add(kind, 0, sent, received);
        }
    }

    private synchronized void add(Entry kind, long count, long sent, long received) throws IOException {
        if (count(kind, count, sent, received) && lines < MOST_LINES) {
            lines++;
            byte[] line = (Payloads.mapper().writeValueAsString(with(kind, new long[] {count, sent, received})) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
            if (line.length <= LONGEST_LINE) {
                ByteBuffer bytes = ByteBuffer.wrap(line);
                while (bytes.hasRemaining()) {
                    journal.write(bytes);
                }
            }
        }
    }

    private boolean count(Entry kind, long count, long sent, long received) {
        long[] sums = counts.get(kind);
        if (sums == null && counts.size() >= EgressDocument.MOST_OF_ATTEMPT) {
            more += count;
            return false;
        }
        sums = counts.computeIfAbsent(kind, unused -> new long[3]);
        sums[0] += count;
        sums[1] += sent;
        sums[2] += received;
        return true;
    }

    /** @param refusals how often the sandbox's kernel found no way to an address */
    synchronized EgressDocument document(OptionalLong refusals) {
        List<Entry> entries = new ArrayList<>();
        counts.forEach((kind, sums) -> entries.add(with(kind, sums)));
        if (refusals.orElse(0) > 0) {
            entries.add(new Entry(
                    at.step(),
                    at.attempt(),
                    Verdict.BLOCKED,
                    "",
                    0,
                    "",
                    Blocked.NO_NETWORK.name(),
                    "the step's command, or what it started",
                    refusals.getAsLong(),
                    0,
                    0));
        }
        return new EgressDocument(EgressDocument.SCHEMA, entries, more);
    }

    private static Entry kind(Entry entry) {
        return with(entry, new long[3]);
    }

    private static Entry with(Entry kind, long[] sums) {
        return new Entry(
                kind.step(),
                kind.attempt(),
                kind.verdict(),
                kind.host(),
                kind.port(),
                kind.method(),
                kind.reason(),
                kind.command(),
                sums[0],
                sums[1],
                sums[2]);
    }

    private static String command(TunnelNews.Peer peer) {
        if (peer.pid() == 0) {
            return peer.token().isEmpty()
                    ? "unknown, after the command's end"
                    : "unknown, while the step's command ran";
        }
        String words = peer.command().isBlank() ? "(" + peer.name() + ")" : peer.command();
        return shown(words, LONGEST_COMMAND);
    }

    /** What cannot be seen is written out, for it was made up in the sandbox. */
    private static String shown(String words, int most) {
        StringBuilder shown = new StringBuilder();
        words.codePoints().limit(most).forEach(c -> {
            if (c >= 0x20 && c < 0x7f && c != '\\') {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format(Locale.ROOT, "\\u{%x}", c));
            }
        });
        return shown.toString();
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
