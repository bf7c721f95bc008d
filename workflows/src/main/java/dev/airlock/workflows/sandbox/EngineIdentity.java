package dev.airlock.workflows.sandbox;

/**
 * What isolated a command.
 *
 * @param name {@code docker} or {@code bubblewrap}
 * @param runtime such as {@code runc} or {@code runsc}
 * @param tier what it promises: {@code hardened}, {@code gvisor}, {@code limited}
 */
public record EngineIdentity(String name, String runtime, String tier) {}
