package dev.airlock.activities.sandbox;

import dev.airlock.workflows.pipeline.CommandSpec;
import java.security.SecureRandom;

/** What every sandbox looks like from inside, and how a step's limits are shared out in it, whatever the engine. */
record SandboxLayout(CommandSpec.Limits limits) {
    static final String INIT_PATH = "/sandbox-init";
    static final String WORKSPACE = "/workspace";
    static final String INPUT = "/input";
    static final String TEMPORARY = "/tmp";
    /** Of the loopback, where the way out listens if there is one. */
    static final int PROXY_PORT = 3128;

    static final int OPEN_FILES = 4096;
    static final long LOCKED_BYTES = 65536;
    /** With timers; where the worker is not root they are its own user's, and it must have some left. */
    static final int PENDING_SIGNALS = 1024;

    private static final long MIB = 1 << 20;
    private static final long INPUT_BYTES = 16 * MIB;
    /** sandbox-init itself, page tables, pipes, kernel memory of the sandbox. */
    private static final long INIT_BYTES = 24 * MIB;

    private static final long SMALLEST_TEMPORARY = 16 * MIB;
    private static final long BYTES_PER_INODE = 4096;
    private static final long FEWEST_INODES = 1024;

    /** A file system in memory takes its pages from the same limit as processes, so each one has its share in it. */
    long memory() {
        return limits.memory() + limits.disk() + temporary() + input() + limits.output() + INIT_BYTES;
    }

    long temporary() {
        return Math.max(SMALLEST_TEMPORARY, limits.disk() / 4);
    }

    long input() {
        return INPUT_BYTES;
    }

    /** Of a file system of that size. */
    static long inodes(long bytes) {
        return Math.max(FEWEST_INODES, bytes / BYTES_PER_INODE);
    }

    /** With sandbox-init. */
    long processes() {
        return (long) limits.pids() + 1;
    }

    /** Users, each for one sandbox: kernel limits that are per user are then not shared with other sandboxes. */
    record Users(int first, int count) {
        /** Of a machine, or a part of one, that has all numbers. */
        static final Users WHOLE = new Users(1_000_000_000, 1_000_000_000);
        /** Where users are remapped there are 65,536 of them. */
        static final Users REMAPPED = new Users(10_000, 50_000);

        int draw(SecureRandom random) {
            return first + random.nextInt(count);
        }

        boolean has(int user) {
            return user >= first && user - first < count;
        }
    }
}
