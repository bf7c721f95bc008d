package dev.airlock.activities.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where this process's own cgroups are.
 *
 * @param byController directories of version 1
 * @param unified the one of version 2, when that is mounted
 */
record CgroupMounts(Map<String, Path> byController, Optional<Path> unified, Optional<Path> unifiedTop) {
    private static final int ROOT = 3;
    private static final int PLACE = 4;

    CgroupMounts {
        byController = Map.copyOf(byController);
    }

    static CgroupMounts ofThisProcess() throws IOException {
        return read(
                Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8),
                Files.readAllLines(Path.of("/proc/self/cgroup"), StandardCharsets.UTF_8));
    }

    /**
     * From what the kernel says.
     *
     * @param mounts lines of {@code /proc/self/mountinfo}
     * @param memberships lines of {@code /proc/self/cgroup}: number, controllers, path
     */
    static CgroupMounts read(List<String> mounts, List<String> memberships) {
        Map<String, String> paths = new HashMap<>();
        for (String line : memberships) {
            String[] parts = line.split(":", 3);
            for (String controller : parts[1].split(",", -1)) {
                paths.put(controller, parts[2]);
            }
        }
        Map<String, Path> found = new HashMap<>();
        Optional<Path> unified = Optional.empty();
        Optional<Path> top = Optional.empty();
        for (String line : mounts) {
            String[] halves = line.split(" - ", 2);
            String[] fields = halves[0].split(" ", -1);
            String[] kind = halves[1].split(" ", -1);
            String whole = paths.get("");
            if (kind[0].equals("cgroup2") && whole != null) {
                unified = Optional.of(own(fields, whole));
                top = Optional.of(Path.of(fields[PLACE]));
            } else if (kind[0].equals("cgroup")) {
                for (String controller : kind[2].split(",", -1)) {
                    String path = paths.get(controller);
                    if (path != null) {
                        found.put(controller, own(fields, path));
                    }
                }
            }
        }
        return new CgroupMounts(found, unified, top);
    }

    /** A container may see its part of a hierarchy alone: the mount's root is then the beginning of the path. */
    private static Path own(String[] mount, String path) {
        String root = mount[ROOT].equals("/") ? "" : mount[ROOT];
        String below = path.startsWith(root) ? path.substring(root.length()) : "";
        Path place = Path.of(mount[PLACE]);
        Path own = place.resolve(below.replaceFirst("^/+", ""));
        return Files.isDirectory(own) ? own : place;
    }
}
