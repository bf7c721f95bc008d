package dev.airlock.activities.sandbox;

import dev.airlock.workspace.git.ContentSource;
import dev.airlock.workspace.git.TreeVisitor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a command found in its workspace, as far as it decides what is taken from it: what was there before, however odd, is
 * no news.
 */
final class BaseTree implements TreeVisitor {
    private static final int MOST = 1 << 20;

    private final Set<String> paths = new HashSet<>();
    private final Map<String, byte[]> links = new HashMap<>();
    private final Map<String, ContentSource> special = new HashMap<>();

    @Override
    public void directory(String path) {
        paths.add(path);
    }

    @Override
    public void file(String path, boolean executable, long size, ContentSource content) {
        paths.add(path);
        if (isSpecial(path)) {
            special.put(path, content);
        }
    }

    @Override
    public void link(String path, byte[] target) {
        paths.add(path);
        links.put(path, target);
    }

    boolean has(String path) {
        return paths.contains(path);
    }

    boolean hasLink(String path, byte[] target) {
        return Arrays.equals(links.get(path), target);
    }

    boolean hasSpecial(String path, byte[] content) throws IOException {
        ContentSource before = special.get(path);
        if (before == null) {
            return false;
        }
        try (InputStream in = before.open()) {
            return Arrays.equals(in.readNBytes(MOST), content);
        }
    }

    /** Files that tell git itself what to do. */
    static boolean isSpecial(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.equalsIgnoreCase(".gitmodules") || name.equalsIgnoreCase(".gitattributes");
    }
}
