package dev.airlock.workflows.session;

import dev.airlock.workflows.id.Digest;
import java.time.Instant;

/**
 * The files of a sandbox's workspace as they were once.
 *
 * @param manifest artifact that lists them and names the one with their content
 * @param refused entries that are not in it: no files, or with names that cannot be kept
 */
public record Snapshot(Digest manifest, long files, long bytes, long refused, Instant taken) {}
