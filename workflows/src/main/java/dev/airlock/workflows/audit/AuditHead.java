package dev.airlock.workflows.audit;

import dev.airlock.workflows.id.Digest;

/**
 * The last acknowledged event of a run's chain.
 *
 * @param incarnation Temporal run id under which it was written
 * @param sequence its number, from 1, without gaps within an incarnation
 * @param hash its hash
 * @param partition where Kafka keeps it
 * @param offset where Kafka keeps it
 */
public record AuditHead(String incarnation, long sequence, Digest hash, int partition, long offset) {}
