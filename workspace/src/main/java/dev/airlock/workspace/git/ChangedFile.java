package dev.airlock.workspace.git;

/**
 * A path that differs between two commits.
 *
 * @param size bytes of the new content; 0 when it was deleted or is a submodule
 * @param content the new content (a link's is its target); empty when it was deleted or is a submodule
 */
public record ChangedFile(String path, Kind kind, Mode oldMode, Mode newMode, long size, ContentSource content) {

    /** How it differs. Renames are a deletion and an addition. */
    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** What a tree entry is. */
    public enum Mode {
        ABSENT,
        FILE,
        EXECUTABLE,
        LINK,
        /** A git submodule: a commit of another repository. */
        MODULE
    }
}
