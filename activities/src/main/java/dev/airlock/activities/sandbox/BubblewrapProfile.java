package dev.airlock.activities.sandbox;

import dev.airlock.evidence.canonical.CanonicalJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Everything that a sandbox of bubblewrap is made of. User or workflow input sets no argument but the limits.
 *
 * @param root arguments that bring in the image
 * @param user inside
 * @param init further arguments of sandbox-init
 */
record BubblewrapProfile(
        SandboxLayout layout, List<String> root, int user, SystemCallFilter filter, List<String> init) {
    /** Descriptors that the launcher hands over. */
    static final int REQUESTS = 3;

    static final int REPLIES = 4;
    static final int FILTER = 5;
    static final int INIT = 6;
    static final int PASSWD = 7;
    static final int GROUP = 8;
    static final int STATUS = 9;
    static final int MEMORY_EVENTS = 10;
    static final int PIDS_EVENTS = 11;

    /** So that who sits at this machine comes first. */
    private static final int NICE = 10;

    private static final List<String> ISOLATION = List.of(
            "--unshare-user",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup",
            "--disable-userns",
            "--new-session",
            "--as-pid-1",
            "--clearenv",
            "--hostname",
            "sandbox",
            "--cap-drop",
            "ALL");
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom");
    private static final List<String> STREAMS = List.of("stdin", "stdout", "stderr");

    /** Of bubblewrap, in the order that it carries them out. */
    List<String> arguments() {
        List<String> all = isolation();
        add(all, "--fds", REQUESTS + "," + REPLIES);
        all.addAll(init);
        return List.copyOf(all);
    }

    /** The same for an init that ends at once. */
    List<String> trial() {
        List<String> all = isolation();
        add(all, "--version");
        return List.copyOf(all);
    }

    private List<String> isolation() {
        List<String> all = new ArrayList<>(ISOLATION);
        add(all, "--uid", user, "--gid", user, "--seccomp", FILTER, "--json-status-fd", STATUS);
        all.addAll(root);
        add(all, "--proc", "/proc", "--perms", "0755", "--dir", "/dev");
        for (String device : DEVICES) {
            add(all, "--dev-bind", "/dev/" + device, "/dev/" + device);
        }
        add(all, "--symlink", "/proc/self/fd", "/dev/fd");
        for (int i = 0; i < STREAMS.size(); i++) {
            add(all, "--symlink", "/proc/self/fd/" + i, "/dev/" + STREAMS.get(i));
        }
        memory(all, SandboxLayout.WORKSPACE, layout.limits().disk());
        memory(all, SandboxLayout.TEMPORARY, layout.temporary());
        memory(all, SandboxLayout.INPUT, layout.input());
        add(all, "--perms", "0555", "--file", INIT, SandboxLayout.INIT_PATH);
        add(all, "--remount-ro", "/", "--chdir", SandboxLayout.WORKSPACE);
        add(all, "--", SandboxLayout.INIT_PATH);
        return all;
    }

    /** Of sandbox-init: what it holds itself, when no cgroup does. */
    static List<String> watching(SandboxLayout layout, boolean cgroups) {
        List<String> words = new ArrayList<>();
        add(words, "--inodes", SandboxLayout.inodes(layout.limits().disk()));
        if (cgroups) {
            add(words, "--events", MEMORY_EVENTS + "," + PIDS_EVENTS);
        } else {
            add(words, "--watch", layout.limits().memory() + "," + layout.processes(), "--nice", NICE);
        }
        return words;
    }

    private static void memory(List<String> all, String place, long bytes) {
        add(all, "--perms", "0700", "--size", bytes, "--tmpfs", place);
    }

    private static void add(List<String> all, Object... words) {
        Collections.addAll(all, Arrays.stream(words).map(String::valueOf).toArray(String[]::new));
    }

    /** Two sandboxes of the same one are isolated alike. */
    String digest() {
        Collection<String> whole = new ArrayList<>(new BubblewrapProfile(layout, root, 0, filter, init).arguments());
        whole.add(CanonicalJson.sha256(filter.bytes()).value());
        return CanonicalJson.digest(whole).value();
    }
}
