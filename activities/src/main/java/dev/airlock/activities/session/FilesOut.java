package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.HostileNames;
import dev.airlock.activities.sandbox.StopSignal;
import dev.airlock.activities.sandbox.init.FileVisitor;
import dev.airlock.evidence.files.FileCollection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes files out of a workspace. Every entry is judged by itself: a refused one is left out and listed, the others stay.
 *
 * <p>A snapshot goes back into a sandbox alone and is taken as it is. What goes to a person's disk is refused when a file system there, or
 * git, might make something else of it.
 */
final class FilesOut implements FileVisitor {
    private final FileCollection collection;
    private final String from;
    private final boolean whole;
    private final StopSignal stop;
    private final Map<String, String> taken = new HashMap<>();
    private final Set<String> closed = new HashSet<>();
    private boolean found;

    FilesOut(FileCollection collection, String from, boolean whole, StopSignal stop) {
        this.collection = collection;
        this.from = from;
        this.whole = whole;
        this.stop = stop;
    }

    /** What sandbox-init is to walk. In its patterns some characters mean more than themselves, hence {@link #below}. */
    List<String> patterns() {
        return from.isEmpty() ? List.of() : List.of(from, from + "/**");
    }

    /** Whether there was anything of that name. */
    boolean found() {
        return found;
    }

    @Override
    public void directory(byte[] path) throws IOException {
        Optional<String> name = admit(path);
        // The one that was asked for too: by its empty name a reader tells a directory from a file.
        name.ifPresent(collection::directory);
        if (name.isEmpty() && !whole) {
            closed.add(raw(path));
        }
    }

    @Override
    public void file(byte[] path, Attributes attributes, long size, InputStream content) throws IOException {
        Optional<String> name = admit(path);
        if (name.isPresent()) {
            String shown = name.get().isEmpty() ? last(from) : name.get();
            collection.file(shown, attributes.executable(), content);
        }
    }

    @Override
    public void link(byte[] path, byte[] target) throws IOException {
        Optional<String> name = admit(path);
        if (name.isEmpty()) {
            return;
        }
        String shown = name.get().isEmpty() ? last(from) : name.get();
        Optional<String> to = HostileNames.text(target).filter(text -> text.indexOf('\\') < 0);
        boolean outside = to.isEmpty() || to.get().startsWith("/") || HostileNames.leaves(shown, to.get());
        if (!whole && outside) {
            collection.refuse(shown, "a link to " + HostileNames.shown(target) + ", which may lead out");
        } else if (!whole && HostileNames.spellsGit(to.orElse(""))) {
            collection.refuse(shown, "a link into git's own directory");
        } else {
            collection.link(shown, target);
        }
    }

    @Override
    public void refused(byte[] path, Refusal reason, int errno) throws IOException {
        stop.check();
        collection.refuse(
                HostileNames.shown(path), reason.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    @Override
    public void end(Cap cap) {
        if (cap != Cap.NONE) {
            collection.refuse("", "there are more entries than are taken; the rest is missing");
        }
    }

    /** The path below what was asked for, empty for that itself; nothing when it is refused or was not asked for. */
    private Optional<String> admit(byte[] path) throws IOException {
        stop.check();
        Optional<String> text = HostileNames.text(path);
        if (text.isEmpty()) {
            collection.refuse(HostileNames.shown(path), "a name that is not UTF-8");
            return Optional.empty();
        }
        Optional<String> name = below(text.get());
        found |= name.isPresent();
        if (name.isEmpty() || whole || name.get().isEmpty()) {
            return name;
        }
        return belowClosed(path) ? Optional.empty() : harmless(name.get(), path);
    }

    private Optional<String> below(String path) {
        if (from.isEmpty()) {
            return Optional.of(path);
        }
        if (path.equals(from)) {
            return Optional.of("");
        }
        return path.startsWith(from + "/") ? Optional.of(path.substring(from.length() + 1)) : Optional.empty();
    }

    private Optional<String> harmless(String name, byte[] path) {
        String shown = HostileNames.shown(path);
        if (HostileNames.spellsGit(name)) {
            collection.refuse(shown, "a spelling of git's own directory");
            return Optional.empty();
        }
        if (HostileNames.malformed(name)) {
            collection.refuse(shown, "a name with control characters, backslashes, '..' or a drive letter");
            return Optional.empty();
        }
        String other = taken.putIfAbsent(HostileNames.key(name), name);
        if (other != null) {
            collection.refuse(
                    shown,
                    "on some file systems the same name as "
                            + HostileNames.shown(other.getBytes(StandardCharsets.UTF_8)));
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private boolean belowClosed(byte[] path) {
        String raw = raw(path);
        for (int slash = raw.indexOf('/'); !closed.isEmpty() && slash >= 0; slash = raw.indexOf('/', slash + 1)) {
            if (closed.contains(raw.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    private static String raw(byte[] path) {
        return new String(path, StandardCharsets.ISO_8859_1);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
