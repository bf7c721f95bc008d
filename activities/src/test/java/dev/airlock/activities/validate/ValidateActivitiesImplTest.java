package dev.airlock.activities.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.validate.Finding;
import dev.airlock.workflows.validate.ValidateActivities;
import dev.airlock.workflows.validate.ValidateActivities.ValidateRequest;
import dev.airlock.workflows.validate.ValidateActivities.ValidateResult;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checks on a real repository, behind a real activity. */
class ValidateActivitiesImplTest {
    private static final StepUse.Validate ALL = new StepUse.Validate(
            List.of("paths", "size", "secrets"), Changes.ANY_PATH, new StepUse.Sizes(1000, 10_000), null);
    private static final Principal AGENT = new Principal("agent:test");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final FakeSecrets.Fake TOKEN = FakeSecrets.of("github-pat");

    private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
    private Path directory;
    private Workspaces workspaces;
    private ArtifactStore artifacts;
    private ValidateActivities validate;
    private Path files;
    private CommitId base;

    @BeforeEach
    void setUp() throws IOException {
        // Not a @TempDir: JGit measures the file system's clock beside, with files in there that get in the way of
        // deleting.
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("target/validate")), "test");
        workspaces = new Workspaces(directory.resolve("workspaces"));
        artifacts = new DirectoryArtifactStore(directory.resolve("artifacts"));
        temporal.registerActivitiesImplementations(
                new ValidateActivitiesImpl(workspaces, artifacts, Validators.standard()));
        validate = temporal.newActivityStub(ValidateActivities.class);
        files = Files.createDirectory(directory.resolve("files"));
        Files.writeString(files.resolve("old.env"), TOKEN.text());
        Files.writeString(files.resolve("gone.txt"), "x");
        Files.writeString(files.resolve("run.sh"), "exit 0\n");
        try (WorkspaceRepository repository = workspaces.create("orders", files, "main")) {
            base = repository.tip("main").orElseThrow();
        }
    }

    @AfterEach
    void tearDown() {
        temporal.close();
    }

    @Test
    void findsNothingInNoChange() throws IOException {
        ValidateResult result = validate.check(request(base));
        assertThat(result.blocking()).isZero();
        assertThat(result.warnings()).isZero();
        assertThat(findings(result)).isEmpty();
    }

    @Test
    void findsWhatACandidateDoes() throws IOException {
        Files.delete(files.resolve("gone.txt"));
        Files.writeString(files.resolve("old.env"), "NEW=1\n" + TOKEN.text());
        Files.writeString(
                files.resolve("grüße.txt"), FakeSecrets.of("aws-access-token").text());
        Files.writeString(files.resolve("large.txt"), "-".repeat(1001));
        Files.createSymbolicLink(files.resolve("link"), Path.of("../etc/passwd"));
        Files.createDirectory(files.resolve(".airlock"));
        Files.writeString(files.resolve(".airlock/pipeline.yaml"), "pipeline: mine\n");
        Files.setPosixFilePermissions(files.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));

        ValidateResult result = validate.check(request(candidate()));

        assertThat(findings(result))
                .extracting(each -> each.severity() + " " + each.rule() + " " + each.path() + " " + each.line())
                .containsExactly(
                        "BLOCK paths/denied .airlock/pipeline.yaml null",
                        "BLOCK secrets/aws-access-token grüße.txt 1",
                        "BLOCK size/file large.txt null",
                        "BLOCK links/escape link null",
                        "WARN secrets/github-pat old.env 2",
                        "WARN paths/executable run.sh null");
        assertThat(result.blocking()).isEqualTo(4);
        assertThat(result.warnings()).isEqualTo(2);
        assertThat(validate.check(request(candidate()))).isEqualTo(result);
    }

    @Test
    void stopsBetweenFilesWhenItIsCancelled() throws IOException {
        Files.writeString(files.resolve("new.txt"), "new");
        CommitId candidate = candidate();
        temporal.requestCancelActivity();

        assertThatThrownBy(() -> validate.check(request(candidate))).isInstanceOf(CanceledFailure.class);
    }

    @Test
    void keepsNoSecretInTheArtifact() throws IOException {
        for (FakeSecrets.Fake each : FakeSecrets.all()) {
            Files.writeString(files.resolve(each.rule()), each.text());
        }
        ValidateResult result = validate.check(request(candidate()));
        assertThat(result.blocking()).isGreaterThanOrEqualTo(FakeSecrets.all().size());
        try (InputStream content = artifacts.open(result.findings())) {
            String kept = new String(content.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(FakeSecrets.all()).allSatisfy(each -> assertThat(kept).doesNotContain(each.secret()));
        }
    }

    @Test
    void saysCorruptWhenTheCandidateIsGone() {
        assertFails(request(new CommitId("0123456789012345678901234567890123456789")), FailureType.CORRUPT);
    }

    @Test
    void saysCorruptWhenAnObjectIsGoneOrDamaged() throws IOException {
        Files.writeString(files.resolve("new.txt"), "some new content\n");
        CommitId candidate = candidate();
        Path blob = directory.resolve("workspaces/orders.git/objects").resolve(blobPath("some new content\n"));
        byte[] bytes = Files.readAllBytes(blob);
        Files.delete(blob);
        assertFails(request(candidate), FailureType.CORRUPT);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(blob, bytes);
        assertFails(request(candidate), FailureType.CORRUPT);
    }

    private void assertFails(ValidateRequest request, FailureType type) {
        assertThatThrownBy(() -> validate.check(request))
                .isInstanceOf(ActivityFailure.class)
                .cause()
                .isInstanceOfSatisfying(ApplicationFailure.class, each -> {
                    assertThat(each.getType()).isEqualTo(type.name());
                    assertThat(each.getOriginalMessage())
                            .contains(request.candidate().value())
                            .contains("workspace orders");
                });
    }

    private CommitId candidate() throws IOException {
        try (WorkspaceRepository repository = workspaces.open("orders")) {
            return repository
                    .candidateFromDirectory(base, files, AGENT, "A test", NOON)
                    .commit();
        }
    }

    private ValidateRequest request(CommitId candidate) {
        RunId run = new RunId("run-" + "a".repeat(26));
        return new ValidateRequest(new StepAttempt(run, "validate", 1), "orders", base, candidate, ALL);
    }

    private List<Finding> findings(ValidateResult result) throws IOException {
        try (InputStream content = artifacts.open(result.findings())) {
            return Payloads.mapper().readValue(content, new TypeReference<>() {});
        }
    }

    private static String blobPath(String content) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            String id = formatter
                    .idFor(Constants.OBJ_BLOB, content.getBytes(StandardCharsets.UTF_8))
                    .name();
            return id.substring(0, 2) + "/" + id.substring(2);
        }
    }
}
