package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.FileVisitor;
import dev.airlock.workflows.validate.Finding;
import java.util.ArrayList;
import java.util.List;

/** What a collection refused, and why; bounded. */
final class CollectFindings {
    private static final int MOST = 1000;

    private final List<Finding> findings = new ArrayList<>();
    private int more;

    /** The entry is not in the result, though the command wrote it as content. */
    void block(String rule, byte[] path, String message) {
        add(rule, Finding.Severity.BLOCK, HostileNames.shown(path), message);
    }

    /** Worth a look, or left out without changing any content. */
    void warn(String rule, byte[] path, String message) {
        add(rule, Finding.Severity.WARN, HostileNames.shown(path), message);
    }

    /** About the whole. */
    void blockAll(String rule, String message) {
        findings.add(new Finding("collect/" + rule, Finding.Severity.BLOCK, null, null, message));
    }

    private void add(String rule, Finding.Severity severity, String path, String message) {
        if (findings.size() < MOST) {
            findings.add(new Finding("collect/" + rule, severity, path, null, message));
        } else {
            more++;
        }
    }

    /** What sandbox-init would not deliver. Git knows no pipes and sockets, so leaving them out changes nothing. */
    void refused(byte[] path, FileVisitor.Refusal reason, int errno) {
        switch (reason) {
            case FIFO -> warn("fifo", path, "a pipe is no content; it was left out");
            case SOCKET -> warn("socket", path, "a socket is no content; it was left out");
            case DEVICE -> block("device", path, "a device is refused");
            case WHITEOUT -> block("whiteout", path, "a name that hides files in a container image is refused");
            case NAME_TOO_LONG -> block("name-too-long", path, "a name over 255 bytes is refused");
            case PATH_TOO_LONG -> block("path-too-long", path, "a path over its bound is refused");
            case TOO_DEEP -> block("too-deep", path, "a directory nested too deep is refused");
            case TOO_BIG -> block("too-big", path, "the files together are over their bound; this one is refused");
            case UNREADABLE -> block("unreadable", path, "it cannot be read (error " + errno + ")");
            case OTHER_FILESYSTEM -> block("mount", path, "another file system is refused");
            case UNKNOWN -> block("unknown", path, "something of an unknown kind is refused");
        }
    }

    void end(FileVisitor.Cap cap) {
        if (cap != FileVisitor.Cap.NONE) {
            blockAll("entries", "there are more entries than are taken; the rest is missing");
        }
    }

    List<Finding> all() {
        if (more == 0) {
            return List.copyOf(findings);
        }
        List<Finding> all = new ArrayList<>(findings);
        all.add(new Finding("collect/more", Finding.Severity.BLOCK, null, null, more + " more findings of this kind"));
        return List.copyOf(all);
    }
}
