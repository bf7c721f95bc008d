package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.pipeline.CommandSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding a place for cgroups, on trees that look like what kernels show. */
class CgroupMountsTest {
    @TempDir
    Path top;

    private String mount(String root, String place, String kind, String options) {
        return "36 31 0:33 " + root + " " + top.resolve(place) + " rw,relatime shared:9 - " + kind + " cgroup "
                + options;
    }

    @Test
    void findsItsOwnOfVersionOne() throws Exception {
        Files.createDirectories(top.resolve("memory/user/me"));
        CgroupMounts mounts = CgroupMounts.read(
                List.of(
                        mount("/", "memory", "cgroup", "rw,memory"),
                        mount("/", "cpu,cpuacct", "cgroup", "rw,cpu,cpuacct"),
                        "22 1 0:20 / /proc rw - proc proc rw"),
                List.of("5:memory:/user/me", "4:cpu,cpuacct:/", "0::/user/me"));
        assertThat(mounts.byController())
                .isEqualTo(Map.of(
                        "memory",
                        top.resolve("memory/user/me"),
                        "cpu",
                        top.resolve("cpu,cpuacct"),
                        "cpuacct",
                        top.resolve("cpu,cpuacct")));
        assertThat(mounts.unified()).isEmpty();
    }

    @Test
    void seesThroughAContainersViewOfItsPart() throws Exception {
        Files.createDirectories(top.resolve("unified/inner"));
        CgroupMounts mounts = CgroupMounts.read(
                List.of(mount("/docker/abc", "unified", "cgroup2", "rw")), List.of("0::/docker/abc/inner"));
        assertThat(mounts.unified()).contains(top.resolve("unified/inner"));
        assertThat(CgroupMounts.read(List.of(mount("/", "unified", "cgroup2", "rw")), List.of("0::/gone"))
                        .unified())
                .contains(top.resolve("unified"));
    }

    /** The nearest ancestor that gives its children controllers: where processes are, version 2 lets none be given. */
    @Test
    void takesTheNearestAncestorThatGivesLimitsToItsChildren() throws Exception {
        Path slice = Files.createDirectories(top.resolve("unified/user.slice"));
        Path scope = Files.createDirectories(slice.resolve("session.scope"));
        Files.writeString(top.resolve("unified/cgroup.subtree_control"), "cpu memory pids\n");
        Files.writeString(slice.resolve("cgroup.subtree_control"), "cpu memory pids\n");
        CgroupMounts mounts = new CgroupMounts(Map.of(), Optional.of(scope), Optional.of(top.resolve("unified")));
        // An ordinary directory has no memory.max, so the trial fails there as it does where cgroups cannot be made.
        assertThat(Cgroups.usable(mounts)).isEmpty();
        try (var entries = Files.list(slice)) {
            assertThat(entries.map(Path::getFileName).map(Path::toString))
                    .as("trials are removed")
                    .containsExactlyInAnyOrder("session.scope", "cgroup.subtree_control");
        }
    }

    @Test
    void writesLimitsOfVersionTwo() throws Exception {
        Path group = Files.createDirectory(top.resolve("group"));
        for (String file : List.of("memory.max", "memory.swap.max", "pids.max", "cpu.max")) {
            Files.createFile(group.resolve(file));
        }
        Files.createDirectories(top.resolve("parent"));
        CommandSpec.Limits limits = CommandSpec.Limits.DEFAULT;
        Cgroups.limitUnified(List.of(group), new SandboxLayout(limits));
        assertThat(group.resolve("memory.max")).hasContent(Long.toString(new SandboxLayout(limits).memory()));
        assertThat(group.resolve("memory.swap.max")).hasContent("0");
        assertThat(group.resolve("pids.max")).hasContent("130");
        assertThat(group.resolve("cpu.max")).hasContent("100000 100000");
    }

    @Test
    void readsWhatTheKernelCounted() throws IOException {
        Path group = Files.createDirectory(top.resolve("group"));
        Files.writeString(
                group.resolve("memory.events"), "low 0\nhigh 0\nmax 44\noom 1\noom_kill 0\noom_group_kill 0\n");
        assertThat(Cgroups.ranOutOfMemory(List.of(group))).isFalse();
        Files.writeString(
                group.resolve("memory.events"), "low 0\nhigh 0\nmax 44\noom 1\noom_kill 2\noom_group_kill 0\n");
        assertThat(Cgroups.ranOutOfMemory(List.of(group))).isTrue();
        assertThat(Cgroups.ranOutOfMemory(List.of())).isFalse();
        assertThat(Cgroups.ranOutOfMemory(List.of(top.resolve("gone")))).isFalse();
    }
}
