package dev.airlock.evidence.checkpoint;

import dev.airlock.evidence.merkle.TreeHash;
import dev.airlock.workflows.id.Digest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/**
 * What one partition of the audit topic held: the text of a C2SP {@code tlog-checkpoint}.
 *
 * @param origin name of the partition's log
 * @param size number of records
 * @param root of the Merkle tree whose leaves are the records' values, in their order
 * @param time when it was made
 * @param offset the first one that is not covered, where the broker that was read has it
 * @param heads digest of the heads that are kept beside it
 */
record Checkpoint(String origin, long size, TreeHash root, Instant time, long offset, Digest heads) {
    private static final int LINES = 6;

    static String origin(String installation, int partition) {
        return "airlock/" + installation + "/audit/" + partition;
    }

    String text() {
        return String.join(
                        "\n",
                        origin,
                        Long.toString(size),
                        root.toString(),
                        "time " + time,
                        "offset " + offset,
                        "heads " + heads)
                + "\n";
    }

    /** @throws IllegalArgumentException if the text is no such checkpoint */
    static Checkpoint parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < LINES) {
            throw new IllegalArgumentException("a checkpoint of an audit partition has " + LINES + " lines");
        }
        try {
            Checkpoint parsed = new Checkpoint(
                    lines.get(0),
                    Long.parseLong(lines.get(1)),
                    TreeHash.parse(lines.get(2)),
                    Instant.parse(member("time", lines.get(3))),
                    Long.parseLong(member("offset", lines.get(4))),
                    new Digest(member("heads", lines.get(5))));
            if (parsed.size < 0 || parsed.offset < 0) {
                throw new IllegalArgumentException("a checkpoint of less than nothing");
            }
            return parsed;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a checkpoint's time has another form", e);
        }
    }

    private static String member(String name, String line) {
        if (!line.startsWith(name + " ")) {
            throw new IllegalArgumentException("a checkpoint lacks its " + name);
        }
        return line.substring(name.length() + 1);
    }
}
