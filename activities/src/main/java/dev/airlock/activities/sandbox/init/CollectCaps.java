package dev.airlock.activities.sandbox.init;

/**
 * Bounds of a collection.
 *
 * @param bytes of all files delivered
 * @param entries delivered
 * @param visited names looked at
 * @param depth of directories
 * @param name bytes of one component
 * @param path bytes of one path
 */
public record CollectCaps(long bytes, long entries, long visited, int depth, int name, int path) {

    /** For a whole tree of so many bytes. */
    public static CollectCaps tree(long bytes, long entries) {
        return new CollectCaps(bytes, entries, 4 * entries, 64, 255, 1024);
    }
}
