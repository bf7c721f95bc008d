package dev.airlock.workspace.git;

import java.io.IOException;

/**
 * Meets every entry of a tree in git's order, a directory before what is in it. Paths are relative, with {@code /} between
 * their segments. A submodule shows up as an empty directory.
 */
public interface TreeVisitor {
    void directory(String path) throws IOException;

    /** @param content valid as long as the repository is open */
    void file(String path, boolean executable, long size, ContentSource content) throws IOException;

    /** @param target the link's bytes; they may point anywhere and must not be followed */
    void link(String path, byte[] target) throws IOException;
}
