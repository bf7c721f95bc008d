package dev.airlock.activities.hostile;

/**
 * What this machine was used while hostile programs ran on it, by them and by all others.
 *
 * @param memoryMiB by how much its available memory fell at most
 * @param tasks by how much its processes and threads rose at most
 */
public record HostUse(long memoryMiB, long tasks) {}
