package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that mean harm: the verdict is what the kernel says of the command itself, bounds hold, nothing is left. */
abstract class HostileContract {
    @TempDir
    Path directory;

    JobFixture fixture;

    abstract TestEngine kind();

    @BeforeEach
    void open() throws Exception {
        fixture = JobFixture.on(kind(), directory);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    SandboxResult.Ended act(String name, CommandSpec.Limits limits) throws Exception {
        return fixture.ended(job(name, limits, null));
    }

    SandboxJob job(String name, CommandSpec.Limits limits, @Nullable Principal author) throws Exception {
        String script;
        try (InputStream in = Objects.requireNonNull(HostileContract.class.getResourceAsStream("hostile.py"))) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        var task = fixture.stores.artifacts().put(script.getBytes(StandardCharsets.UTF_8));
        return fixture.job(
                "exec python3 -u $AIRLOCK_INPUT/task.md " + name,
                limits,
                new SandboxJob.Input(task, null, null, null),
                author,
                List.of());
    }

    String output(SandboxResult.Ended result) throws Exception {
        return fixture.text(result.command().report());
    }

    static CommandSpec.Limits limits(int seconds) {
        return JobFixture.limits(128, 32, 64, Duration.ofSeconds(seconds), 4);
    }

    @Test
    void forgedFramesAreOutputAndNothingElse() throws Exception {
        SandboxResult.Ended result = act("frames", limits(30));
        assertThat(result.command().exitCode()).isEqualTo(9);
        assertThat(output(result))
                .contains("/proc/1/fd/1 Permission denied")
                .contains("/proc/1/fd/0 Permission denied")
                .contains("/proc/1/mem Permission denied")
                .contains("/proc/1/environ Permission denied");
    }

    @Test
    void processOneCannotBeFelled() throws Exception {
        SandboxResult.Ended result = act("kill", limits(30));
        assertThat(result.command().exitCode()).isEqualTo(11);
        assertThat(output(result))
                .contains("ptrace Operation not permitted")
                .contains("prlimit-1 Operation not permitted")
                .contains("setpriority-1 Operation not permitted")
                .contains("setpriority-user Operation not permitted")
                .contains("affinity-1 Operation not permitted")
                .contains("descriptors [0, 1, 2");
    }

    @Test
    void systemCallsNetworkAndHostFilesAreClosed() throws Exception {
        SandboxResult.Ended result = act("families", limits(30));
        String output = output(result);
        assertThat(result.command().exitCode()).as(output).isZero();
        for (String name : List.of("netlink", "vsock", "alg", "packet", "bluetooth")) {
            assertThat(output).contains(name + " Address family not supported by protocol\n");
        }
        for (String name : List.of("mptcp", "udplite", "icmp", "raw")) {
            assertThat(output).contains(name + " Protocol not supported\n");
        }
        for (String name : List.of(
                "unshare",
                "mount",
                "bpf",
                "perf",
                "userfaultfd",
                "keyctl",
                "setns",
                "chroot",
                "kexec",
                "reboot",
                "syslog",
                "handle",
                "sync",
                "swapon",
                "clock",
                "vm_readv")) {
            assertThat(output).contains(name + " Operation not permitted\n");
        }
        assertThat(output)
                .contains("tcp done\n", "unix done\n")
                .contains("io_uring Function not implemented\n", "clone3 Function not implemented\n")
                .contains("metadata Network is unreachable\n", "dns Network is unreachable\n")
                .contains("etc Read-only file system\n")
                // Where the runtime does not cover it, it belongs to a user that no sandbox has.
                .containsPattern("core_pattern (Read-only file system|Permission denied)\n")
                .contains("shm No such file or directory\n", "oom Permission denied\n")
                .contains("euid True caps ['0000000000000000']");
    }

    @Test
    void whatOutlivesTheCommandDiesWithItAndLeavesNoTrace() throws Exception {
        SandboxResult.Ended result = fixture.ended(job("daemons", limits(30), new Principal("agent:smith")));
        assertThat(result.command().passed()).isTrue();
        assertThat(output(result)).isEqualTo("parent\n");
        Checkpoint content = Objects.requireNonNull(result.content());
        assertThat(fixture.tree(content.commit())).doesNotContainKey("late");
    }

    @Test
    void aForkBombIsBoundedAndEndsInTime() throws Exception {
        SandboxResult.Ended result = act("bomb", limits(3));
        assertThat(result.command().limit()).isEqualTo(Limit.TIMEOUT);
    }

    @Test
    void aMemoryHogIsNamed() throws Exception {
        SandboxResult.Ended result = act("memory", limits(60));
        assertThat(result.command().limit()).isEqualTo(Limit.MEMORY);
        assertThat(result.command().exitCode()).isNull();
    }

    @Test
    void fourGigabytesAtOnceAreNamedAndLeaveTheHostItsMemory() throws Exception {
        SandboxResult.Ended result = act("four_gigabytes", limits(60));
        assertThat(result.command().limit()).isEqualTo(Limit.MEMORY);
        assertThat(result.command().exitCode()).isNull();
    }

    @Test
    void tooManyProcessesAreRefusedAndNamed() throws Exception {
        SandboxResult.Ended result = act("crowd", limits(60));
        assertThat(output(result)).matches("(?s).*refused after [3-6][0-9]\n");
        assertThat(result.command().limit()).isEqualTo(Limit.PIDS);
    }

    @Test
    void sharedMemoryIsBoundedToo() throws Exception {
        SandboxResult.Ended result = act("shared_memory", limits(60));
        assertThat(result.command().limit()).isEqualTo(Limit.MEMORY);
    }

    @Test
    void memoryOutsideTheHeapIsBoundedToo() throws Exception {
        SandboxResult.Ended result = act("memory_of_init", limits(60));
        assertThat(result.command().passed()).isFalse();
        assertThat(result.command().limit()).isEqualTo(Limit.MEMORY);
    }

    @Test
    void aFloodOfOutputIsCutAtItsBound() throws Exception {
        CommandSpec.Limits limits = JobFixture.limits(128, 32, 64, Duration.ofSeconds(60), 16);
        SandboxJob job = job("flood", limits, null);
        SandboxResult.Ended result = fixture.ended(job);
        assertThat(result.command().limit()).isEqualTo(Limit.OUTPUT);
        assertThat(Files.size(fixture.output(job))).isEqualTo(16 << 20);
        assertThat(fixture.stores
                        .artifacts()
                        .size(Objects.requireNonNull(result.command().report())))
                .isEqualTo(16 << 20);
    }

    @Test
    void aFullDiskIsNamed() throws Exception {
        SandboxResult.Ended result = act("disk", limits(60));
        assertThat(result.command().exitCode()).isNotZero();
        assertThat(result.command().limit()).isEqualTo(Limit.DISK);
    }

    @Test
    void hostileNamesAreRefusedOneByOneAndHonestOnesStay() throws Exception {
        SandboxResult.Ended result = fixture.ended(job("names", limits(60), new Principal("agent:smith")));
        assertThat(output(result)).isEqualTo("whiteout Operation not permitted\ndone\n");
        Checkpoint content = Objects.requireNonNull(result.content());
        var tree = fixture.tree(content.commit());
        assertThat(tree)
                .containsEntry("honest", "x:honest\n")
                .containsEntry("hard", "x:honest\n")
                .containsKey("README.md");
        assertThat(tree.keySet())
                .filteredOn(name -> !name.matches("(?i)case"))
                .containsExactlyInAnyOrder("README.md", "d", "hard", "honest", "link", "src/run.sh");
        assertThat(tree.keySet()).filteredOn(name -> name.matches("(?i)case")).hasSize(1);
        assertThat(fixture.findings(result))
                .contains("WARN collect/git-directory .git")
                .contains("BLOCK collect/git-directory src/.GIT")
                .contains("BLOCK collect/git-directory a/git~1")
                .contains("BLOCK collect/git-directory b/.g\\u{200b}it")
                .contains("BLOCK collect/link-outside absolute")
                .contains("BLOCK collect/link-outside above")
                .contains("BLOCK collect/link-outside through")
                .contains("BLOCK collect/link-git togit")
                .contains("WARN collect/link d")
                .contains("WARN collect/fifo fifo")
                .contains("WARN collect/socket socket")
                .contains("BLOCK collect/whiteout .wh.README.md")
                .contains("BLOCK collect/name new\\u{a}line")
                .contains("BLOCK collect/name back\\slash")
                .contains("BLOCK collect/git-modules .gitmodules")
                .contains("BLOCK collect/git-attributes .gitattributes")
                .contains("WARN collect/mode honest")
                .anyMatch(one -> one.startsWith("BLOCK collect/encoding not-utf8-"))
                .anyMatch(one -> one.startsWith("BLOCK collect/too-deep deep/d/d"))
                .anyMatch(one -> one.matches("BLOCK collect/collision [Cc]ase"));
    }
}
