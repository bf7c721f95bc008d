package dev.airlock.workflows.change;

import java.time.Instant;

/**
 * Something that happened elsewhere and that a run may wait for. The same source and id is the same event.
 *
 * <p>Whoever sends one keeps the bounds ({@link #LONGEST_NAME}, {@link #LONGEST_DATA}); the run takes none that is over
 * them, or that lacks a member.
 *
 * @param source CloudEvents source of the record that brought it
 * @param id CloudEvents id of that record
 * @param type what has happened, such as {@code deploy.finished}
 * @param data JSON text, any value
 * @param time when it happened, by its sender's word
 */
public record RunEvent(String source, String id, String type, String data, Instant time) {
    /** Characters of source, id and type each. */
    public static final int LONGEST_NAME = 512;

    /** Characters of the data. */
    public static final int LONGEST_DATA = 16 * 1024;
}
