package dev.airlock.activities.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.StopSignal;
import dev.airlock.activities.sandbox.TestEngine;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.evidence.files.FileCollection;
import dev.airlock.evidence.files.FileManifest;
import dev.airlock.evidence.files.FileManifest.Entry;
import dev.airlock.evidence.files.FileManifest.Kind;
import dev.airlock.platform.state.InstallationSecret;
import dev.airlock.platform.state.SealedText;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.session.Call;
import dev.airlock.workflows.session.CommandEnd;
import dev.airlock.workflows.session.Held;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import dev.airlock.workflows.session.SessionActivities.ExecRequest;
import dev.airlock.workflows.session.SessionActivities.GetRequest;
import dev.airlock.workflows.session.SessionActivities.Lodging;
import dev.airlock.workflows.session.SessionActivities.OpenRequest;
import dev.airlock.workflows.session.SessionActivities.PutRequest;
import dev.airlock.workflows.session.SessionActivities.TransferOutcome;
import dev.airlock.workflows.session.SessionRequest.Room;
import dev.airlock.workflows.session.TransferResult.Transferred;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an interactive sandbox does on every engine. */
abstract class SessionContract {
    private static final RunId OWNER = new RunId("sandbox-" + "c".repeat(26));
    private static final StopSignal GO_ON = () -> StopSignal.Stop.NONE;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final String installation = "test-" + UUID.randomUUID();
    private final Instant until = Instant.now().plus(Duration.ofHours(1));

    @SuppressWarnings("NullAway.Init")
    private SandboxEngine engine;

    @SuppressWarnings("NullAway.Init")
    private SessionStores stores;

    private long commands;
    private @Nullable String previous;

    abstract TestEngine kind();

    @BeforeEach
    void open() throws Exception {
        ArtifactStore artifacts = new DirectoryArtifactStore(Files.createDirectories(directory.resolve("artifacts")));
        stores = new SessionStores(
                artifacts, directory.resolve("output"), InstallationSecret.keptIn(directory.resolve("secret")));
        engine = kind().open(installation, directory);
    }

    @AfterEach
    void close() throws Exception {
        List<SandboxEngine.Listed> left = engine.list(installation);
        for (SandboxEngine.Listed one : left) {
            engine.remove(one.name());
        }
        engine.close();
        assertThat(left).as("containers left behind").isEmpty();
    }

    private Lodging lodging(int incarnation) {
        Room room = new Room(CommandSpec.BASE_IMAGE, CommandSpec.Limits.DEFAULT, null, null);
        return new Lodging(installation, new StepAttempt(OWNER, "sandbox", incarnation), room, until);
    }

    private SessionRun run() {
        return new SessionRun(engine, stores, GO_ON);
    }

    private Held begin() throws IOException {
        return run().open(new OpenRequest(lodging(1), null), "here");
    }

    private ExecRequest request(Held held, Duration timeout, Call.@Nullable Environment environment, String script) {
        String id = "call-" + commands;
        Lodging lodging = lodging(held.incarnation());
        commands++;
        String token = Names.numbered(installation, lodging.at(), commands, id);
        Call.Exec call = new Call.Exec(
                id, new Principal("user:ann"), List.of("/bin/sh", "-c", script), "", timeout, environment);
        ExecRequest request = new ExecRequest(lodging, held.image(), commands, token, previous, call);
        previous = token;
        return request;
    }

    private CommandEnd end(ExecRequest request, StopSignal stop) throws IOException {
        ExecOutcome outcome = new ExecRun(engine, stores, request, stop).run();
        assertThat(outcome).isInstanceOf(ExecOutcome.Ended.class);
        return ((ExecOutcome.Ended) outcome).end();
    }

    private String sh(Held held, String script) throws IOException {
        CommandEnd end = end(request(held, Duration.ofSeconds(30), null, script), GO_ON);
        return end.exitCode() + ":" + text(end.output());
    }

    private String text(@Nullable Digest digest) throws IOException {
        if (digest == null) {
            return "";
        }
        try (InputStream in = stores.artifacts().open(digest)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void filesStayBetweenCommands() throws Exception {
        Held held = begin();
        assertThat(sh(held, "echo a > file; echo $AIRLOCK_SANDBOX")).isEqualTo("0:" + OWNER + "\n");
        assertThat(sh(held, "cat file; exit 3")).isEqualTo("3:a\n");
        assertThat(held.engine()).isEqualTo(engine.identity());
        run().release(lodging(1));
        assertThat(directory.resolve("output").resolve(OWNER.value())).doesNotExist();
    }

    @Test
    void theSameCommandIsRunOnce() throws Exception {
        Held held = begin();
        ExecRequest once = request(held, Duration.ofSeconds(30), null, "echo x >> runs; cat runs");
        CommandEnd first = end(once, GO_ON);
        Files.delete(directory.resolve("output").resolve(OWNER.value()).resolve("commands/1.result.json"));
        // As a worker that died before it could keep the result: init knows the token.
        CommandEnd second = end(once, GO_ON);

        assertThat(text(first.output())).isEqualTo("x\n");
        assertThat(second).isEqualTo(first);
        assertThat(sh(held, "cat runs")).isEqualTo("0:x\n");
        run().release(lodging(1));
    }

    @Test
    void aKillEndsTheCommandAndNotTheSandbox() throws Exception {
        Held held = begin();
        ExecRequest endless = request(held, Duration.ofSeconds(60), null, "echo begun; sleep 60");
        Path output = directory.resolve("output").resolve(OWNER.value()).resolve("commands/1");
        CompletableFuture<CommandEnd> ended = CompletableFuture.supplyAsync(() -> {
            try {
                return end(endless, () -> begun(output) ? StopSignal.Stop.CANCEL : StopSignal.Stop.NONE);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        CommandEnd killed = ended.get(30, TimeUnit.SECONDS);

        assertThat(killed.exitCode()).isEqualTo(137);
        assertThat(killed.limit()).isNull();
        assertThat(text(killed.output())).isEqualTo("begun\n");
        assertThat(sh(held, "echo well")).isEqualTo("0:well\n");
        run().release(lodging(1));
    }

    private static boolean begun(Path output) {
        try {
            return Files.exists(output) && Files.size(output) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Its caller gave up while no worker was there to kill it. */
    @Test
    void whatRunsOnIsKilledByTheNextCommand() throws Exception {
        Held held = begin();
        ExecRequest endless = request(held, Duration.ofSeconds(60), null, "echo begun; sleep 60");
        Path output = directory.resolve("output").resolve(OWNER.value()).resolve("commands/1");
        assertThatThrownBy(() -> end(endless, () -> begun(output) ? StopSignal.Stop.DETACH : StopSignal.Stop.NONE))
                .isInstanceOf(dev.airlock.activities.sandbox.StoppedException.class);

        assertThat(sh(held, "echo well")).isEqualTo("0:well\n");
        run().release(lodging(1));
    }

    @Test
    void aLimitIsNamed() throws Exception {
        Held held = begin();
        CommandEnd late = end(request(held, Duration.ofMillis(300), null, "echo a; sleep 30"), GO_ON);
        assertThat(late.limit()).isEqualTo(Limit.TIMEOUT);
        assertThat(late.exitCode()).isNull();
        CommandEnd flood = end(request(held, Duration.ofSeconds(60), null, "yes"), GO_ON);
        assertThat(flood.limit()).isEqualTo(Limit.OUTPUT);
        assertThat(flood.truncated()).isTrue();
        assertThat(flood.bytes()).isEqualTo(CommandSpec.Limits.DEFAULT.output());
        run().release(lodging(1));
    }

    @Test
    void valuesOfVariablesTravelSealed() throws Exception {
        Held held = begin();
        String bound = OWNER + "/call-" + commands;
        String sealed =
                SealedText.seal(stores.secret(), Call.Environment.PURPOSE, bound, "{\"TOKEN\":\"canary-4711\"}");
        Call.Environment environment = new Call.Environment(List.of("TOKEN"), sealed);
        CommandEnd told = end(request(held, Duration.ofSeconds(30), environment, "echo $TOKEN"), GO_ON);
        assertThat(text(told.output())).isEqualTo("canary-4711\n");
        assertThat(sealed).doesNotContain("canary");
        // Sealed for one call, it opens for no other.
        ExecRequest other = request(held, Duration.ofSeconds(30), environment, "echo $TOKEN");
        assertThatThrownBy(() -> end(other, GO_ON))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("cannot be opened");
        run().release(lodging(1));
    }

    @Test
    void hostileFilesAreRefusedAndTheOthersCome() throws Exception {
        Held held = begin();
        sh(
                held,
                "mkdir -p d/.git d/sub && echo x > d/.git/config && echo ok > d/sub/ok && chmod +x d/sub/ok && mkfifo d/pipe"
                        + " && ln -s /etc/passwd d/out && ln -s sub/ok d/in && echo 1 > d/Case && echo 2 > d/case"
                        + " && echo e > \"$(printf 'd/a\\nb')\" && echo b > 'd/c\\d' && : > d/empty");

        FileManifest manifest = manifest(get(held, "d", false));

        assertThat(manifest.entries().stream()
                        .filter(e -> e.kind() != Kind.DIRECTORY)
                        .map(Entry::path))
                .contains("sub/ok", "in", "empty")
                .doesNotContain("out", "pipe", ".git/config")
                .hasSize(4);
        assertThat(manifest.entries())
                .filteredOn(entry -> entry.path().equals("sub/ok"))
                .allSatisfy(entry -> assertThat(entry.executable()).isTrue());
        assertThat(manifest.refused())
                .extracting(FileManifest.Refused::reason)
                .anyMatch(reason -> reason.contains("git"))
                .anyMatch(reason -> reason.contains("fifo"))
                .anyMatch(reason -> reason.contains("lead out"))
                .anyMatch(reason -> reason.contains("same name"))
                .anyMatch(reason -> reason.contains("control characters"));
        assertThat(manifest.refused().stream().map(FileManifest.Refused::path)).noneMatch(path -> path.contains("\n"));
        assertThat(run().get(new GetRequest(lodging(1), held.image(), "nothing", false)))
                .isInstanceOf(TransferOutcome.Absent.class);
        run().release(lodging(1));
    }

    @Test
    void aSandboxTakesWhatItCanOfHostileFiles() throws Exception {
        Held held = begin();
        sh(held, "echo file > taken; ln -s /tmp away");
        FileCollection collection = new FileCollection(stores.artifacts(), directory);
        try (collection) {
            for (String path : List.of("good", "taken/below", "away/below", "../up", "also/good")) {
                collection.file(path, true, new ByteArrayInputStream(path.getBytes(StandardCharsets.UTF_8)));
            }
            Digest manifest = collection.keep().digest();
            TransferOutcome outcome = run().put(new PutRequest(lodging(1), held.image(), manifest, ""));
            assertThat(outcome).isInstanceOfSatisfying(TransferOutcome.Done.class, done -> {
                assertThat(done.files().files()).isEqualTo(2);
                assertThat(done.files().refused()).isEqualTo(3);
            });
        }
        assertThat(sh(held, "cat good also/good taken; ls /tmp; test -x good && echo runs"))
                .isEqualTo("0:goodalso/goodfile\nruns\n");
        run().release(lodging(1));
    }

    @Test
    void aSnapshotComesBackAsItWas() throws Exception {
        Held held = begin();
        sh(
                held,
                "mkdir -p a/.git && echo deep > a/.git/x && ln -s /etc/hosts link && echo e > \"$(printf 'odd\\nname')\""
                        + " && head -c 300000 /dev/urandom > blob && chmod +x blob && sha256sum blob > sum");
        Transferred kept = get(held, "", true);
        run().release(lodging(1));

        Held back = run().open(new OpenRequest(lodging(2), kept.manifest()), "here");

        assertThat(back.incarnation()).isEqualTo(2);
        assertThat(sh(
                        back,
                        "sha256sum -c sum && cat a/.git/x && readlink link && ls | wc -l && test -x blob && echo x"))
                .isEqualTo("0:blob: OK\ndeep\n/etc/hosts\n6\nx\n");
        run().release(lodging(2));
    }

    @Test
    void aContainerThatIsGoneIsSaidToBe() throws Exception {
        Held held = begin();
        engine.remove(Names.sandbox(installation, lodging(1).at()));
        ExecOutcome outcome =
                new ExecRun(engine, stores, request(held, Duration.ofSeconds(5), null, "true"), GO_ON).run();
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ExecOutcome.Gone.class,
                        gone -> assertThat(gone.mayHaveRun()).isFalse());
    }

    private Transferred get(Held held, String from, boolean whole) throws IOException {
        TransferOutcome outcome = run().get(new GetRequest(lodging(held.incarnation()), held.image(), from, whole));
        assertThat(outcome).isInstanceOf(TransferOutcome.Done.class);
        return ((TransferOutcome.Done) outcome).files();
    }

    private FileManifest manifest(Transferred files) throws IOException {
        return FileCollection.read(stores.artifacts(), files.manifest());
    }
}
