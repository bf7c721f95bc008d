package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.activities.sandbox.init.CollectCaps;
import dev.airlock.activities.sandbox.init.Command;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.FileVisitor;
import dev.airlock.activities.sandbox.init.Root;
import dev.airlock.activities.sandbox.init.Window;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine promises. */
abstract class SandboxEngineContract {
    static final Duration SOON = Duration.ofSeconds(1);

    final String installation = "test-" + UUID.randomUUID();
    SandboxEngine engine;

    abstract SandboxEngine connect(String installation) throws Exception;

    @BeforeEach
    final void open() throws Exception {
        engine = connect(installation);
    }

    @AfterEach
    final void leavesNothing() throws Exception {
        List<SandboxEngine.Listed> left = engine.list(installation);
        for (SandboxEngine.Listed one : left) {
            engine.remove(one.name());
        }
        assertThat(engine.list(installation)).isEmpty();
        engine.close();
    }

    SandboxSpec spec(String name, CommandSpec.Limits limits) throws IOException {
        StepAttempt at = new StepAttempt(new RunId("run-aaaaaaaaaaaaaaaaaaaaaaaaaa"), "test", 1);
        Digest digest = new Digest("sha256:" + "7".repeat(64));
        return new SandboxSpec(
                name + "-" + installation.substring(5),
                new SandboxSpec.Owner(installation, at),
                engine.image("base"),
                limits,
                new SandboxSpec.Lease("lease-" + name, digest, Instant.now().plusSeconds(300)));
    }

    static Command shell(String token, String script) {
        return new Command(
                token,
                List.of("/bin/sh", "-c", script),
                new TreeMap<>(Map.of("PATH", "/usr/bin:/bin", "HOME", "/tmp", "TMPDIR", "/tmp", "LANG", "C.UTF-8")),
                "",
                Duration.ofSeconds(60));
    }

    record Ending(CommandStatus status, String output) {}

    static Ending finish(Sandbox sandbox, String token) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Window window;
        do {
            window = sandbox.read(token, output.size(), SOON);
            byte[] data = new byte[window.data().remaining()];
            window.data().get(data);
            output.writeBytes(data);
        } while (!(window.ended() && output.size() >= window.total()));
        return new Ending(sandbox.state(token), output.toString(StandardCharsets.UTF_8));
    }

    static Map<String, String> collected(Sandbox sandbox, String... patterns) throws IOException {
        Map<String, String> found = new TreeMap<>();
        sandbox.collect(CollectCaps.tree(64 << 20, 10_000), List.of(patterns), new FileVisitor() {
            @Override
            public void directory(byte[] path) {
                found.put(text(path) + "/", "");
            }

            @Override
            public void file(byte[] path, Attributes attributes, long size, InputStream content) throws IOException {
                found.put(text(path), (attributes.executable() ? "x:" : "") + text(content.readAllBytes()));
            }

            @Override
            public void link(byte[] path, byte[] target) {
                found.put(text(path), "-> " + text(target));
            }

            @Override
            public void refused(byte[] path, Refusal reason, int errno) {
                found.put(text(path), reason.toString());
            }

            @Override
            public void end(Cap cap) {
                assertThat(cap).isEqualTo(Cap.NONE);
            }
        });
        return found;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void runsACommandOnFilesAndGivesBackWhatItMade() throws Exception {
        SandboxSpec spec = spec("whole", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            sandbox.put(Root.WORKSPACE, to -> {
                to.file("src/héllo.txt", false, "hello".getBytes(StandardCharsets.UTF_8));
                to.file("run.sh", true, "#!/bin/sh\necho ran; cat \"$1\"".getBytes(StandardCharsets.UTF_8));
                to.file("empty", false, new byte[0]);
                to.link("link", "src".getBytes(StandardCharsets.UTF_8));
            });
            sandbox.put(Root.INPUT, to -> to.file("task.md", false, "do it".getBytes(StandardCharsets.UTF_8)));
            sandbox.run(shell("one", "./run.sh src/*; cat /input/task.md; echo made > new; exit 3"));
            Ending ending = finish(sandbox, "one");
            assertThat(ending.output()).isEqualTo("ran\nhellodo it");
            assertThat(ending.status().cause()).isEqualTo(CommandStatus.Cause.EXITED);
            assertThat(ending.status().code()).isEqualTo(3);
            assertThat(collected(sandbox))
                    .containsEntry("src/héllo.txt", "hello")
                    .containsEntry("new", "made\n")
                    .containsEntry("empty", "")
                    .containsEntry("link", "-> src")
                    .containsEntry("run.sh", "x:#!/bin/sh\necho ran; cat \"$1\"");
            sandbox.release();
        }
        assertThat(engine.exists(spec.name())).isFalse();
    }

    @Test
    void findsTheSandboxAgainWithItsCommandAndAllItsOutput() throws Exception {
        SandboxSpec spec = spec("again", CommandSpec.Limits.DEFAULT);
        String script =
                "cat /proc/sys/kernel/random/uuid; for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done; exit 4";
        try (Sandbox first = engine.openOrAdopt(spec)) {
            first.run(shell("one", script));
        }
        try (SandboxEngine other = connect(installation);
                Sandbox second = other.openOrAdopt(spec)) {
            assertThat(second.deadline().toEpochMilli())
                    .isEqualTo(spec.lease().deadline().toEpochMilli());
            second.run(shell("one", script));
            Ending ending = finish(second, "one");
            assertThat(ending.status().code()).isEqualTo(4);
            assertThat(ending.output().lines()).hasSize(9).endsWith("1", "2", "3", "4", "5", "6", "7", "8");
            second.release();
        }
    }

    @Test
    void refusesASandboxThatWasMadeFromSomethingElse() throws Exception {
        SandboxSpec spec = spec("else", CommandSpec.Limits.DEFAULT);
        SandboxSpec other = new SandboxSpec(
                spec.name(),
                spec.owner(),
                spec.image(),
                spec.limits(),
                new SandboxSpec.Lease(
                        spec.lease().token(),
                        new Digest("sha256:" + "8".repeat(64)),
                        spec.lease().deadline()));
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            assertThatThrownBy(() -> engine.openOrAdopt(other))
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CONFLICT));
            sandbox.release();
        }
    }

    @Test
    void neverMakesOneWhenItIsToFindOne() {
        assertThatThrownBy(() -> engine.adopt(spec("absent", CommandSpec.Limits.DEFAULT)))
                .isInstanceOfSatisfying(
                        SandboxGone.class, e -> assertThat(e.death()).isEqualTo(SandboxGone.Death.LOST));
    }

    @Test
    void killsACommandAndCollectsWhatItLeft() throws Exception {
        try (Sandbox sandbox = engine.openOrAdopt(spec("kill", CommandSpec.Limits.DEFAULT))) {
            sandbox.run(shell("one", "echo x > x; echo started; sleep 60 & sleep 60"));
            assertThat(sandbox.read("one", 0, Duration.ofSeconds(10)).data().remaining())
                    .isPositive();
            sandbox.kill("one");
            assertThat(finish(sandbox, "one").status().cause()).isEqualTo(CommandStatus.Cause.KILLED);
            assertThat(collected(sandbox)).containsOnlyKeys("x");
            sandbox.release();
        }
    }

    @Test
    void collectsByPattern() throws Exception {
        try (Sandbox sandbox = engine.openOrAdopt(spec("pattern", CommandSpec.Limits.DEFAULT))) {
            sandbox.run(shell("one", "mkdir -p a/b c; echo 1 > a/b/x.xml; echo 2 > a/y.txt; echo 3 > c/x.xml"));
            finish(sandbox, "one");
            assertThat(collected(sandbox, "**/*.xml", "!c/**")).containsOnlyKeys("a/b/x.xml");
            sandbox.release();
        }
    }

    @Test
    void endsAtItsDeadlineInsideAndOutside() throws Exception {
        SandboxSpec spec = spec("deadline", CommandSpec.Limits.DEFAULT);
        SandboxSpec brief = new SandboxSpec(
                spec.name(),
                spec.owner(),
                spec.image(),
                spec.limits(),
                new SandboxSpec.Lease(
                        spec.lease().token(), spec.lease().spec(), Instant.now().plusSeconds(2)));
        try (Sandbox sandbox = engine.openOrAdopt(brief)) {
            sandbox.run(shell("one", "sleep 60"));
            assertThat(finish(sandbox, "one").status().cause()).isEqualTo(CommandStatus.Cause.LEASE);
        }
        new DeadlineWatch(engine, installation).endOverdue(Instant.now().plusSeconds(60));
        assertThat(engine.exists(brief.name())).isFalse();
    }

    @Test
    void twoSandboxesDoNotSeeEachOther() throws Exception {
        try (Sandbox one = engine.openOrAdopt(spec("one", CommandSpec.Limits.DEFAULT));
                Sandbox two = engine.openOrAdopt(spec("two", CommandSpec.Limits.DEFAULT))) {
            one.run(shell("a", "id -u; echo secret > /tmp/s; echo secret > s; sleep 1"));
            two.run(shell("a", "id -u; sleep 0.3; ls -A . /tmp /input; ps ax 2>/dev/null | grep -c sleep"));
            String first = finish(one, "a").output();
            String second = finish(two, "a").output();
            assertThat(second)
                    .doesNotContain("s\n")
                    .doesNotContain(first.lines().findFirst().orElseThrow());
            one.release();
            two.release();
        }
    }

    @Test
    void removingIsWellWhenThereIsNothing() throws Exception {
        engine.remove("airlock-nothing-of-that-name");
    }

    @Test
    void sweepsWhatBelongsToRunsThatAreOver() throws Exception {
        SandboxSpec spec = spec("sweep", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            assertThat(sandbox.name()).isEqualTo(spec.name());
        }
        Instant later = Instant.now().plusSeconds(60);
        assertThat(sweep(SandboxClaim.all("it is open")).sweep(later)).isEmpty();
        assertThat(sweep(SandboxClaim.only(Set.of(spec.name()), "")).sweep(later))
                .isEmpty();
        assertThat(sweep(SandboxClaim.only(Set.of(), "it is over")).sweep(Instant.now()))
                .as("too young")
                .isEmpty();
        assertThat(sweep(SandboxClaim.only(Set.of(), "it is over")).sweep(later))
                .containsExactly(spec.name());
        assertThat(engine.exists(spec.name())).isFalse();
    }

    private SandboxSweep sweep(SandboxClaim claim) {
        return new SandboxSweep(engine, installation, run -> claim);
    }
}
