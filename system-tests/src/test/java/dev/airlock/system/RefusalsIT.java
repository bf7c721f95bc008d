package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever cannot count is refused with its code, and the branch stays where it was. */
class RefusalsIT {
    private static final String PIPELINE = """
            pipeline: notes
            limits: { attempts: 1, deadline: 1h }
            steps:
              - id: generate
                uses: generate
              - id: validate
                uses: validate
                with: { checks: [paths, size, secrets] }
              - id: test
                uses: sandbox
                with: { run: "test -s note.txt" }
              - id: review
                uses: review
                with: { approvals: 1, not: [author], timeout: 1h }
              - id: promote
                uses: promote
            """;

    private static Airlock airlock;
    private static int workspaces;

    @BeforeAll
    static void start() throws IOException {
        airlock = new Airlock();
        airlock.dev();
    }

    @AfterAll
    static void stop() throws IOException {
        airlock.close();
    }

    @Test
    void refusesTheAuthorAndStaleEvidenceAndASecondDecision() {
        String workspace = workspace(PIPELINE);
        String base = git(workspace).tip("main");
        String run = reviewed(workspace, "one");
        String evidence = evidence(run);

        refused("SELF_APPROVAL", "approve", run, "--as", "user:ann", "--evidence", evidence);
        refused("NOT_A_REVIEWER", "approve", run, "--as", "agent:bot", "--evidence", evidence);
        refused("STALE_EVIDENCE", "approve", run, "--as", "user:rita", "--evidence", "sha256:" + "0".repeat(64));
        assertThat(git(workspace).tip("main")).isEqualTo(base);
        airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence);
        refused("ALREADY_DECIDED", "approve", run, "--as", "user:max", "--evidence", evidence);
        airlock.ok("wait", run, "--for", "end", "--timeout", "60s");
        refused("ALREADY_DECIDED", "reject", run, "--as", "user:max", "--reason", "too late");
    }

    @Test
    void acceptsTheSameDecisionTwice() {
        String run = reviewed(workspace(PIPELINE), "one");
        String evidence = evidence(run);

        airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence, "--decision-id", "d1");
        airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence, "--decision-id", "d1");

        assertThat(ended(run).path("outcome").asText()).isEqualTo("PROMOTED");
    }

    @Test
    void voidsTheReviewWhenTheBranchMoved() {
        String workspace = workspace(PIPELINE);
        String first = reviewed(workspace, "one");
        String second = reviewed(workspace, "two");
        airlock.ok("approve", first, "--as", "user:rita", "--evidence", evidence(first));
        String moved = ended(first).path("promoted").asText();

        refused("BASE_MOVED", "approve", second, "--as", "user:rita", "--evidence", evidence(second));

        assertThat(ended(second).path("outcome").asText()).isEqualTo("REFUSED");
        assertThat(ended(second).path("reason").asText()).contains("BASE_MOVED");
        assertThat(git(workspace).tip("main")).isEqualTo(moved);
    }

    @Test
    void noticesACheckpointThatWasMoved() {
        String workspace = workspace(PIPELINE);
        Git git = git(workspace);
        String base = git.tip("main");
        String run = reviewed(workspace, "one");
        git.run("update-ref", "refs/airlock/runs/" + run + "/generate/1", base);

        refused("TREE_MISMATCH", "approve", run, "--as", "user:rita", "--evidence", evidence(run));

        assertThat(ended(run).path("outcome").asText()).isEqualTo("REFUSED");
        assertThat(git.tip("main")).isEqualTo(base);
    }

    @Test
    void noticesAnObjectThatWasAltered() throws IOException {
        String workspace = workspace(PIPELINE);
        Git git = git(workspace);
        String base = git.tip("main");
        String run = reviewed(workspace, "altered");
        String evidence = evidence(run);
        Path blob = git.looseObject(git.run("rev-parse", "refs/airlock/runs/" + run + "/generate/1:note.txt"));
        assertThat(blob.toFile().setWritable(true)).isTrue();
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 0x40;
        Files.write(blob, bytes);

        refused("TREE_MISMATCH", "approve", run, "--as", "user:rita", "--evidence", evidence);

        assertThat(ended(run).path("outcome").asText()).isEqualTo("REFUSED");
        assertThat(git.tip("main")).isEqualTo(base);
    }

    @Test
    void healsLocksThatAKilledProcessLeft() throws IOException {
        String workspace = workspace(PIPELINE);
        String run = reviewed(workspace, "one");
        Git git = git(workspace);
        Files.createFile(git.file("packed-refs.lock"));
        Files.createFile(git.file("refs/heads/main.lock"));

        airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence(run));

        assertThat(ended(run).path("outcome").asText()).isEqualTo("PROMOTED");
    }

    @Test
    void refusesFindingsAndRedTestsOfAPushedCandidate() {
        String workspace = workspace(PIPELINE);

        assertThat(ended(push(workspace, ".airlock/pipeline.yaml", "steps: []\n"))
                        .path("outcome")
                        .asText())
                .isEqualTo("REFUSED");
        assertThat(ended(push(workspace, "key.pem", "aws_key = \"" + "AKIA" + "Z7QW3NVR5TPLX2MD" + "\"\n"))
                        .path("outcome")
                        .asText())
                .isEqualTo("REFUSED");
        assertThat(ended(push(workspace, "note.txt", "")).path("outcome").asText())
                .isEqualTo("FAILED");
    }

    @Test
    void rejectsAndCancels() {
        String workspace = workspace(PIPELINE);
        String rejected = reviewed(workspace, "one");
        airlock.ok("reject", rejected, "--as", "user:rita", "--reason", "not now ✗");
        assertThat(ended(rejected).path("outcome").asText()).isEqualTo("REJECTED");
        assertThat(ended(rejected).path("reason").asText()).contains("not now ✗");

        String cancelled = reviewed(workspace, "two");
        airlock.ok("--yes", "cancel", cancelled, "--reason", "not needed");
        assertThat(ended(cancelled).path("outcome").asText()).isEqualTo("CANCELLED");
        airlock.ok("audit", "verify", cancelled);
    }

    @Test
    void startsTheSameRequestOnce() {
        String workspace = workspace(PIPELINE);
        Path directory = candidate("note.txt", "one");

        JsonNode first = airlock.ok("push", workspace, "--dir", directory.toString(), "--request-id", "r1")
                .json();
        JsonNode second = airlock.ok("push", workspace, "--dir", directory.toString(), "--request-id", "r1")
                .json();

        assertThat(first.path("created").asBoolean()).isTrue();
        assertThat(second.path("created").asBoolean()).isFalse();
        assertThat(second.path("run")).isEqualTo(first.path("run"));
    }

    @Test
    void startsNothingWithAnImageThatIsNotRegistered() {
        String pipeline = PIPELINE.replace("run: \"test -s note.txt\"", "run: \"true\", image: tools");
        String workspace = workspace(pipeline);
        Path directory = candidate(pipeline, "note.txt", "one");

        unknown("IMAGE_ABSENT", "push", workspace, "--dir", directory.toString());

        airlock.ok("image", "add", "tools", "--docker", "airlock-base:latest");
        String run =
                airlock.ok("push", workspace, "--dir", directory.toString()).text("/run");
        airlock.ok("wait", run, "--for", "review", "--timeout", "60s");
    }

    @Test
    void answersWhatItCannotFindOutWithTwo() {
        unknown(
                "NOT_FOUND",
                "push",
                "nowhere",
                "--dir",
                candidate("note.txt", "x").toString());
        unknown("NOT_FOUND", "status", "run-" + "a".repeat(26));
        unknown("NOT_FOUND", "status", "nonsense");
        unknown("USAGE", "workspace", "create", "bad/name", "--from", ".");
        Answer second = airlock.run("dev").expectExit(2);
        assertThat(second.err().lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(1);
    }

    @Test
    void reportsEveryMistakeOfAPipelineAtItsPlace() throws IOException {
        Path file = airlock.scratch("pipelines").resolve("bad.yaml");
        Files.writeString(file, """
                pipeline: bad
                limits: { attempts: none }
                steps:
                  - id: validate
                    uses: validat
                  - id: test
                    uses: sandbox
                    with: { run: "true", limits: { timeout: soon } }
                """);

        JsonNode answer = airlock.run("pipeline", "validate", file.toString())
                .expectExit(1)
                .json();

        assertThat(answer.path("ok").asBoolean()).isFalse();
        assertThat(answer.path("errors")).hasSize(3);
        assertThat(answer.at("/errors/0/line").asInt()).isEqualTo(2);
        assertThat(answer.at("/errors/1/line").asInt()).isEqualTo(5);
        assertThat(answer.at("/errors/1/suggestion").asText()).contains("validate");
        assertThat(answer.at("/errors/2/line").asInt()).isEqualTo(8);
    }

    @Test
    void locatesTamperingInAnExportedTrail() throws IOException {
        String run = reviewed(workspace(PIPELINE), "one");
        airlock.ok("reject", run, "--as", "user:rita", "--reason", "no");
        String head = ended(run).at("/audit/hash").asText();
        List<String> lines = airlock.ok("audit", "show", run).out().lines().toList();
        Path trail = airlock.scratch("trails").resolve(run + ".ndjson");

        Files.write(trail, lines);
        airlock.ok("audit", "verify", "--file", trail.toString(), "--head", head);

        List<String> altered = new ArrayList<>(lines);
        altered.set(2, altered.get(2).replace("\"validate\"", "\"valid8te\"").replace("\"generate\"", "\"gener8te\""));
        assertTampered(trail, altered, head, "altered", 3);
        List<String> dropped = new ArrayList<>(lines);
        dropped.remove(4);
        assertTampered(trail, dropped, head, "missing", 5);
        assertTampered(trail, lines.subList(0, lines.size() - 1), head, "truncated", lines.size());
        List<String> swapped = new ArrayList<>(lines);
        swapped.set(1, lines.get(2));
        swapped.set(2, lines.get(1));
        assertTampered(trail, swapped, head, "swapped", 0);
    }

    private static void assertTampered(Path file, List<String> lines, String head, String kind, int sequence)
            throws IOException {
        Files.write(file, lines);
        JsonNode answer = airlock.run("audit", "verify", "--file", file.toString(), "--head", head)
                .expectExit(1)
                .json();
        assertThat(answer.at("/problems/0/kind").asText()).as(answer.toString()).isEqualTo(kind);
        if (sequence > 0) {
            assertThat(answer.at("/problems/0/sequence").asInt()).isEqualTo(sequence);
        }
    }

    private static String workspace(String pipeline) {
        try {
            String name = "notes-" + ++workspaces;
            Path directory = airlock.scratch("from-" + name);
            Files.createDirectories(directory.resolve(".airlock"));
            Files.writeString(directory.resolve(".airlock/pipeline.yaml"), pipeline);
            Files.writeString(directory.resolve("note.txt"), "zero\n");
            airlock.ok("workspace", "create", name, "--from", directory.toString());
            return name;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A directory with the workspace's files, one of them changed. */
    private static Path candidate(String file, String content) {
        return candidate(PIPELINE, file, content);
    }

    private static Path candidate(String pipeline, String file, String content) {
        try {
            Path directory = Files.createTempDirectory(airlock.scratch("candidates"), "candidate");
            Files.createDirectories(directory.resolve(".airlock"));
            Files.writeString(directory.resolve(".airlock/pipeline.yaml"), pipeline);
            Files.writeString(directory.resolve("note.txt"), "zero\n");
            Files.writeString(directory.resolve(file), content);
            return directory;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String push(String workspace, String file, String content) {
        return airlock.ok("push", workspace, "--dir", candidate(file, content).toString(), "--as", "user:ann")
                .text("/run");
    }

    private static String reviewed(String workspace, String content) {
        String run = push(workspace, "note.txt", content);
        airlock.ok("wait", run, "--for", "review", "--timeout", "90s");
        return run;
    }

    private static JsonNode ended(String run) {
        Answer answer = airlock.run("wait", run, "--for", "end", "--timeout", "90s");
        assertThat(answer.exit()).as(answer.toString()).isLessThan(2);
        return answer.json();
    }

    private static String evidence(String run) {
        return airlock.ok("status", run).text("/evidence");
    }

    private static Git git(String workspace) {
        return new Git(airlock, workspace);
    }

    private static void refused(String code, String... words) {
        Answer answer = airlock.run(words).expectExit(1);
        assertThat(answer.text("/error/code")).as(answer.toString()).isEqualTo(code);
    }

    private static void unknown(String code, String... words) {
        Answer answer = airlock.run(words).expectExit(2);
        assertThat(answer.text("/error/code")).as(answer.toString()).isEqualTo(code);
    }
}
