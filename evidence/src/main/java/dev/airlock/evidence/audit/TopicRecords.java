package dev.airlock.evidence.audit;

import org.jspecify.annotations.Nullable;

/** The records of an audit topic, wherever they are kept; they can be read more than once, in the same order. */
@FunctionalInterface
public interface TopicRecords {
    /** Hands out all of them, one partition after the other, each in its order. */
    void read(Sink sink);

    /** Takes what is read. */
    @FunctionalInterface
    interface Sink {
        /** A record's value as it is, with its place and the text of its key. */
        void take(int partition, long offset, @Nullable String key, byte[] value);
    }
}
