package dev.airlock.evidence.audit;

/** A topic of audit records that can be read from any place on. */
public interface AuditSource extends AutoCloseable {
    /** Number of partitions, at least one. */
    int partitions();

    /** Hands out all records of a partition from an offset on, in the order of their offsets, up to where it ends now. */
    void read(int partition, long from, TopicRecords.Sink sink);

    @Override
    void close();
}
