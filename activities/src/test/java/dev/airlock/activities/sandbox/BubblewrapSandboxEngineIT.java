package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.activities.sandbox.init.Command;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.platform.state.ProcessRecord;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.sandbox.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on processes of this host, and what only bubblewrap has. */
class BubblewrapSandboxEngineIT extends SandboxEngineContract {
    private static final Duration SOME_TIME = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Override
    SandboxEngine connect(String installation) throws Exception {
        return TestBubblewrap.engine(installation, directory);
    }

    private BubblewrapRecord record(SandboxSpec spec) throws IOException {
        return new BubblewrapDirectory(directory.resolve("sandboxes"))
                .find(spec.name())
                .orElseThrow();
    }

    private ProcessRecord processOne(SandboxSpec spec) throws IOException {
        return Objects.requireNonNull(record(spec).process());
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    @Test
    void leavesNeitherProcessNorCgroupNorDirectory() throws Exception {
        SandboxSpec spec = spec("nothing", CommandSpec.Limits.DEFAULT);
        ProcessRecord process;
        List<Path> cgroups;
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            process = processOne(spec);
            cgroups = record(spec).made().cgroups();
            assertThat(cgroups).allSatisfy(one -> assertThat(one).isDirectory());
            sandbox.run(shell("one", "setsid sleep 1000 & sleep 1000"));
            engine.remove(spec.name());
        }
        assertThat(process.isAlive()).isFalse();
        assertThat(cgroups).allSatisfy(one -> assertThat(one).doesNotExist());
        try (Stream<Path> left = Files.list(directory.resolve("sandboxes"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theHostIsNotThere() throws Exception {
        SandboxSpec spec = spec("host", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            sandbox.run(shell(
                    "one",
                    "ls -d /home /root /var /sys /run /mnt /opt /srv /boot " + directory
                            + " 2>/dev/null; ls /etc | sort | tr '\\n' ' '; cat /etc/passwd | wc -l; id -un; ls -A /dev | sort | tr '\\n' ' '; "
                            + "echo; ls -A /tmp | wc -l; touch /usr/x /etc/x /x 2>&1 | grep -c Read-only; awk 'BEGIN { print 6 * 7 }'; "
                            + "ls /proc | grep -c '^[0-9]*$'; env | cut -d= -f1 | sort | tr '\\n' ' '"));
            String output = finish(sandbox, "one").output();
            assertThat(output.lines())
                    .containsExactly(
                            "alternatives group ld.so.cache passwd 3",
                            "sandbox",
                            "fd full null random stderr stdin stdout urandom zero ",
                            "0",
                            "3",
                            "42",
                            "4",
                            "HOME LANG PATH PWD TMPDIR ");
            sandbox.release();
        }
    }

    @Test
    void livesOnWithoutTheOneThatStartedIt() throws Exception {
        SandboxSpec spec = spec("session", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            String stat = Files.readString(Path.of("/proc/" + processOne(spec).pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String own = Files.readString(Path.of("/proc/self/stat"));
            String[] ownFields = own.substring(own.lastIndexOf(')') + 2).split(" ", -1);
            assertThat(fields[3]).as("session").isNotEqualTo(ownFields[3]);
            assertThat(fields[2]).as("process group").isNotEqualTo(ownFields[2]);
            sandbox.release();
        }
    }

    @Test
    void aProcessOneThatIsKilledHasDied() throws Exception {
        SandboxSpec spec = spec("killed", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            sandbox.run(shell("one", "sleep 60"));
            kill(processOne(spec).pid());
            assertThatThrownBy(() -> finish(sandbox, "one"))
                    .isInstanceOfSatisfying(
                            SandboxGone.class, e -> assertThat(e.death()).isEqualTo(SandboxGone.Death.DIED))
                    .hasMessageContaining("exit code 137");
        }
        assertThatThrownBy(() -> engine.adopt(spec)).isInstanceOf(SandboxGone.class);
    }

    /** As when the host was restarted, or somebody ended both. */
    @Test
    void oneWhoseEndNobodySawIsLost() throws Exception {
        SandboxSpec spec = spec("unseen", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            sandbox.run(shell("one", "sleep 60"));
        }
        ProcessRecord process = processOne(spec);
        long monitor = ProcessHandle.of(process.pid())
                .flatMap(ProcessHandle::parent)
                .orElseThrow()
                .pid();
        kill(monitor);
        kill(process.pid());
        assertThat(process.awaitGone(SOME_TIME)).isTrue();
        assertThatThrownBy(() -> engine.adopt(spec))
                .isInstanceOfSatisfying(
                        SandboxGone.class, e -> assertThat(e.death()).isEqualTo(SandboxGone.Death.LOST));
    }

    /** Its worker died between the start and the lease; the key must not be told to what runs already. */
    @Test
    void makesAnewWhatWasStartedAndNeverLeased() throws Exception {
        SandboxSpec spec = spec("unleased", CommandSpec.Limits.DEFAULT);
        ProcessRecord first;
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            assertThat(sandbox.name()).isEqualTo(spec.name());
            first = processOne(spec);
        }
        BubblewrapRecord written = record(spec);
        new BubblewrapDirectory(directory.resolve("sandboxes"))
                .write(new BubblewrapRecord(written.name(), written.job(), written.made(), null));
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            assertThat(first.isAlive()).isFalse();
            assertThat(processOne(spec)).isNotEqualTo(first);
            sandbox.run(shell("one", "echo well"));
            assertThat(finish(sandbox, "one").output()).isEqualTo("well\n");
            sandbox.release();
        }
    }

    @Test
    void doesNotBelieveASandboxOfAnotherIsolation() throws Exception {
        SandboxSpec spec = spec("changed", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            assertThat(sandbox.name()).isEqualTo(spec.name());
        }
        SandboxSpec wider = new SandboxSpec(
                spec.name(),
                spec.owner(),
                spec.image(),
                new CommandSpec.Limits(1000, 1 << 30, 1 << 30, 500, Duration.ofMinutes(1), 1 << 20),
                spec.lease());
        assertThatThrownBy(() -> engine.adopt(wider))
                .isInstanceOfSatisfying(
                        SandboxGone.class, e -> assertThat(e.death()).isEqualTo(SandboxGone.Death.LOST))
                .hasMessageContaining("another isolation");
        assertThat(engine.exists(spec.name())).isFalse();
    }

    @Test
    void refusesASandboxThatWasLeasedWithAnotherSecret() throws Exception {
        SandboxSpec spec = spec("secret", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            sandbox.run(shell("one", "sleep 60"));
        }
        Files.move(directory.resolve("secret"), directory.resolve("kept"));
        try (SandboxEngine stranger = connect(installation)) {
            assertThatThrownBy(() -> stranger.adopt(spec))
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CONFLICT))
                    .hasMessageContaining("was leased with another key")
                    .hasMessageContaining("kill -9 " + processOne(spec).pid());
        }
        try (Sandbox sandbox = engine.adopt(spec)) {
            assertThat(sandbox.state("one").state()).isEqualTo(CommandStatus.State.RUNNING);
            sandbox.release();
        }
    }

    @Test
    void boundsTheNumberOfFiles() throws Exception {
        CommandSpec.Limits limits =
                new CommandSpec.Limits(1000, 256 << 20, 16 << 20, 64, Duration.ofSeconds(60), 1 << 20);
        try (Sandbox sandbox = engine.openOrAdopt(spec("inodes", limits))) {
            sandbox.run(shell("one", "i=0; while :; do i=$((i+1)); : > $i; done"));
            CommandStatus status = finish(sandbox, "one").status();
            assertThat(status.cause()).isEqualTo(CommandStatus.Cause.LIMIT);
            assertThat(CommandVerdict.limit(status)).isEqualTo(Limit.DISK);
            sandbox.release();
        }
    }

    @Test
    void runsARegisteredRootFileSystemAndNothingOfTheHost() throws Exception {
        Path rootfs = Files.createDirectories(directory.resolve("rootfs"));
        Files.createDirectories(rootfs.resolve("bin"));
        Files.createDirectories(rootfs.resolve("etc"));
        Files.copy(TestDocker.sandboxInit(), rootfs.resolve("bin/program"));
        Files.writeString(rootfs.resolve("etc/marker"), "mine");
        Files.createSymbolicLink(rootfs.resolve("link"), Path.of("bin/program"));
        BubblewrapImageSource source = ((BubblewrapSandboxEngine) engine).imageSource();
        ImageRegistry.Registered image = source.addRootfs("small", rootfs);
        assertThat(image.engine()).isEqualTo("bubblewrap");
        assertThat(engine.image("small")).isEqualTo(image.digest());
        SandboxSpec base = spec("rootfs", CommandSpec.Limits.DEFAULT);
        SandboxSpec spec = new SandboxSpec(base.name(), base.owner(), image.digest(), base.limits(), base.lease());
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            var environment = new TreeMap<String, String>();
            sandbox.run(new Command("one", List.of("/link", "--version"), environment, "", SOME_TIME));
            Ending ending = finish(sandbox, "one");
            assertThat(ending.status().code()).isZero();
            assertThat(ending.output()).startsWith("sandbox-init ");
            sandbox.run(new Command("two", List.of("/usr/bin/env"), environment, "", SOME_TIME));
            assertThat(finish(sandbox, "two").status().cause()).isEqualTo(CommandStatus.Cause.NOT_STARTED);
            sandbox.release();
        }
        assertThatThrownBy(() -> engine.image("absent"))
                .hasMessageContaining("airlock image add absent --rootfs DIR|TAR");
    }

    @Test
    void clearsWhatAKilledWorkerLeftHalfMade() throws Exception {
        Path left = Files.createDirectory(directory.resolve("sandboxes/.new-left"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(3600)));
        Path young = Files.createDirectory(directory.resolve("sandboxes/.new-young"));
        try (SandboxEngine other = connect(installation)) {
            assertThat(other.list(installation)).isEmpty();
            assertThat(left).doesNotExist();
            assertThat(young).exists();
        }
        Files.delete(young);
    }
}
