package dev.airlock.activities.sandbox;

import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this host lets a worker do.
 *
 * @param id the same after a restart
 * @param choosesUsers whether each sandbox gets a user of its own outside too, which takes root
 * @param cgroups empty where none can be made: then sandbox-init and rlimits hold the limits
 * @param users those that a sandbox may have
 */
record BubblewrapHost(String id, boolean choosesUsers, SandboxLayout.Users users, Optional<Cgroups> cgroups) {
    private static final Path USER_MAP = Path.of("/proc/self/uid_map");

    static BubblewrapHost examine(Optional<Cgroups> cgroups) throws IOException {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        Optional<SandboxLayout.Users> outside =
                root ? outside(Files.readAllLines(USER_MAP, StandardCharsets.US_ASCII)) : Optional.empty();
        // Who cannot choose a user outside may still take any number inside.
        return new BubblewrapHost(machineId(), outside.isPresent(), outside.orElse(SandboxLayout.Users.WHOLE), cgroups);
    }

    /**
     * Those that a root may become: one of a container's only has that container's users, which may be itself alone.
     *
     * @param map lines of {@code /proc/self/uid_map}: first inside, first outside, how many
     */
    static Optional<SandboxLayout.Users> outside(List<String> map) {
        return Stream.of(SandboxLayout.Users.WHOLE, SandboxLayout.Users.REMAPPED)
                .filter(users ->
                        map.stream().anyMatch(line -> covers(line.strip().split("\\s+", -1), users)))
                .findFirst();
    }

    private static boolean covers(String[] range, SandboxLayout.Users users) {
        long first = Long.parseLong(range[0]);
        long end = first + Long.parseLong(range[2]);
        return first <= users.first() && end >= (long) users.first() + users.count();
    }

    private static String machineId() throws IOException {
        try {
            String id = Files.readString(Path.of("/etc/machine-id")).strip();
            if (!id.isEmpty()) {
                return id;
            }
        } catch (NoSuchFileException e) {
            // Containers and some small systems have none.
        }
        return InetAddress.getLocalHost().getHostName();
    }

    EngineIdentity identity() {
        return new EngineIdentity(
                BubblewrapImages.ENGINE, "bwrap", cgroups.isPresent() ? "bubblewrap-cgroup" : "bubblewrap-rlimits");
    }

    static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }
}
