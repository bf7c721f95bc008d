package dev.airlock.workflows.sandbox;

import dev.airlock.workflows.id.Digest;

/**
 * What a command asked for on the network.
 *
 * @param log digest of the artifact that lists every kind of request of the run so far, this command's last
 * @param allowed requests of this command that were let out
 * @param blocked requests of this command that were not
 */
public record EgressSummary(Digest log, long allowed, long blocked) {}
