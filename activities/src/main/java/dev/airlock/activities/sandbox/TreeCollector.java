package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.FileVisitor;
import dev.airlock.workspace.git.TreeWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes a git tree of what came out of a sandbox. Every entry is judged by itself: a refused one is left out and becomes a
 * finding, the others stay. Nothing is ever written as a file, so nothing can be followed.
 */
final class TreeCollector implements FileVisitor {
    private static final int SPECIAL_MOST = 1 << 20;
    /** Attributes that make git run a configured program on a file. */
    private static final Pattern DRIVER = Pattern.compile("(?i)\\b(filter|diff|merge)\\s*=");

    private final TreeWriter tree;
    private final BaseTree base;
    private final CollectFindings findings;
    private final StopSignal stop;
    /** By what a careless file system would make of them. */
    private final Map<String, String> taken = new HashMap<>();

    private final Set<String> closedDirectories = new HashSet<>();

    TreeCollector(TreeWriter tree, BaseTree base, CollectFindings findings, StopSignal stop) {
        this.tree = tree;
        this.base = base;
        this.findings = findings;
        this.stop = stop;
    }

    @Override
    public void directory(byte[] path) throws IOException {
        Optional<String> name = admit(path);
        if (name.isEmpty()) {
            closedDirectories.add(raw(path));
        }
    }

    @Override
    public void file(byte[] path, Attributes attributes, long size, InputStream content) throws IOException {
        Optional<String> name = admit(path);
        if (name.isEmpty()) {
            return;
        }
        if (attributes.special()) {
            findings.warn("mode", path, "setuid, setgid and sticky bits are dropped");
        }
        if (BaseTree.isSpecial(name.get())) {
            special(name.get(), path, attributes.executable(), content);
        } else {
            tree.file(name.get(), attributes.executable(), content);
        }
    }

    private void special(String name, byte[] path, boolean executable, InputStream content) throws IOException {
        byte[] bytes = content.readNBytes(SPECIAL_MOST);
        boolean modules = name.toLowerCase(Locale.ROOT).endsWith(".gitmodules");
        boolean harmless = base.hasSpecial(name, bytes)
                || (!modules
                        && bytes.length < SPECIAL_MOST
                        && !DRIVER.matcher(new String(bytes, StandardCharsets.ISO_8859_1))
                                .find());
        if (harmless) {
            tree.file(name, executable, new ByteArrayInputStream(bytes));
        } else {
            findings.block(
                    modules ? "git-modules" : "git-attributes",
                    path,
                    modules
                            ? "a new or changed list of submodules is refused"
                            : "attributes that make git run a filter, diff or merge program are refused");
        }
    }

    @Override
    public void link(byte[] path, byte[] target) throws IOException {
        Optional<String> name = admit(path);
        if (name.isEmpty()) {
            return;
        }
        if (base.hasLink(name.get(), target)) {
            tree.link(name.get(), target);
            return;
        }
        Optional<String> to = HostileNames.text(target).filter(text -> text.indexOf('\\') < 0);
        if (to.isEmpty() || to.get().startsWith("/") || HostileNames.leaves(name.get(), to.get())) {
            findings.block(
                    "link-outside",
                    path,
                    "a link to " + HostileNames.shown(target) + " is refused: it may leave " + "the workspace");
        } else if (HostileNames.spellsGit(to.get())) {
            findings.block("link-git", path, "a link into git's own directory is refused");
        } else {
            findings.warn("link", path, "a new or changed link to " + HostileNames.shown(target));
            tree.link(name.get(), target);
        }
    }

    @Override
    public void refused(byte[] path, Refusal reason, int errno) throws IOException {
        stop.check();
        if (!belowClosed(path)) {
            findings.refused(path, reason, errno);
        }
    }

    @Override
    public void end(Cap cap) {
        findings.end(cap);
    }

    /** The path as text, if it may be part of the tree. */
    private Optional<String> admit(byte[] path) throws IOException {
        stop.check();
        if (belowClosed(path)) {
            return Optional.empty();
        }
        Optional<String> text = HostileNames.text(path);
        if (text.isEmpty()) {
            findings.block("encoding", path, "a name that is not UTF-8 is refused");
            return Optional.empty();
        }
        String name = text.get();
        if (HostileNames.spellsGit(name)) {
            refuseGit(name, path);
            return Optional.empty();
        }
        if (HostileNames.malformed(name)) {
            findings.block(
                    "name", path, "a name with control characters, backslashes, '..' or a drive letter is refused");
            return Optional.empty();
        }
        return collides(name, path) ? Optional.empty() : text;
    }

    /** An agent may well keep a repository of its own at the root; that is no content, as in a push. */
    private void refuseGit(String name, byte[] path) {
        if (name.equals(".git")) {
            findings.warn("git-directory", path, "git's own directory is no content; it was left out");
        } else {
            findings.block("git-directory", path, "a spelling of git's own directory is refused");
        }
    }

    /** Of two names that some file system takes for one, the one that was there before stays. */
    private boolean collides(String name, byte[] path) {
        String other = taken.putIfAbsent(HostileNames.key(name), name);
        if (other == null || (base.has(name) && base.has(other))) {
            return false;
        }
        String message = "on some file systems this is the same name as ";
        if (base.has(name)) {
            findings.block("collision", other.getBytes(StandardCharsets.UTF_8), message + HostileNames.shown(path));
            return false;
        }
        findings.block(
                "collision", path, message + HostileNames.shown(other.getBytes(StandardCharsets.UTF_8)) + "; refused");
        return true;
    }

    private boolean belowClosed(byte[] path) {
        if (closedDirectories.isEmpty()) {
            return false;
        }
        String raw = raw(path);
        for (int slash = raw.indexOf('/'); slash >= 0; slash = raw.indexOf('/', slash + 1)) {
            if (closedDirectories.contains(raw.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    /** One character for each byte, so that names that are no text are told apart. */
    private static String raw(byte[] path) {
        return new String(path, StandardCharsets.ISO_8859_1);
    }
}
