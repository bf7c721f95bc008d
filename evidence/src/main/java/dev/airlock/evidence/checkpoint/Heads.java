package dev.airlock.evidence.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.audit.RecordFacts;
import dev.airlock.workflows.id.Digest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The last event of each chain that has records in a stretch of a partition; a line each, sorted by chain. */
final class Heads {
    private static final int FIELDS = 4;

    private final Map<String, Head> chains = new TreeMap<>();

    /** A chain's last event. */
    record Head(String incarnation, long sequence, Digest hash) {
        /** The later one of two; of a repeated stretch the copy counts for nothing. */
        Head or(Head later) {
            return incarnation.equals(later.incarnation) && sequence >= later.sequence ? this : later;
        }
    }

    void add(RecordFacts record) {
        Head head = new Head(record.incarnation(), record.sequence(), record.hash());
        chains.merge(record.chain().value(), head, Head::or);
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder();
        chains.forEach((chain, head) -> text.append(chain)
                .append(' ')
                .append(head.incarnation())
                .append(' ')
                .append(head.sequence())
                .append(' ')
                .append(head.hash())
                .append('\n'));
        return text.toString().getBytes(UTF_8);
    }

    /** @throws IllegalArgumentException if a line is no head */
    static void parse(byte[] bytes, BiConsumer<ChainId, Head> sink) {
        new String(bytes, UTF_8).lines().forEach(line -> {
            String[] fields = line.split(" ", -1);
            if (fields.length != FIELDS) {
                throw new IllegalArgumentException("not a chain's head: " + line);
            }
            Head head = new Head(fields[1], Long.parseLong(fields[2]), new Digest(fields[3]));
            sink.accept(new ChainId(fields[0]), head);
        });
    }
}
