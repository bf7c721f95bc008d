package dev.airlock.workspace.git;

import static dev.airlock.workspace.git.Fixtures.git;
import static dev.airlock.workspace.git.Fixtures.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes promote on one repository and are killed in the middle of it, again and again. */
@Timeout(300)
final class KilledPromotionIT {
    private static final int ROUNDS = 12;

    @TempDir
    Path temp;

    @Test
    void noKillLeavesHalfAPromotionOrAStuckRepository() throws Exception {
        write(temp.resolve("source/file"), "content");
        Workspaces workspaces = new Workspaces(temp.resolve("workspaces"));
        workspaces.create("orders", temp.resolve("source"), "main").close();
        Random random = new Random(7);
        Set<String> told = new HashSet<>();

        for (int round = 0; round < ROUNDS; round++) {
            told.addAll(promoteUntilKilled(random, round));
            try (WorkspaceRepository repository = workspaces.open("orders")) {
                assertThat(onTheBranch(repository))
                        .isEqualTo(markers(repository))
                        .containsAll(told);
                assertThat(Promoter.promote(repository, Promoter.run(random))).isInstanceOf(MoveResult.Moved.class);
                assertThat(git(repository.directory(), "fsck", "--strict")).doesNotContain("error");
            }
        }
        assertThat(told).hasSizeGreaterThan(ROUNDS);
    }

    /** What the two said was done before they died. */
    private List<String> promoteUntilKilled(Random random, int round) throws Exception {
        List<Process> processes = List.of(start(2 * round), start(2 * round + 1));
        List<String> told = new ArrayList<>();
        try (BufferedReader first = processes.getFirst().inputReader(StandardCharsets.UTF_8);
                BufferedReader second = processes.getLast().inputReader(StandardCharsets.UTF_8)) {
            told.add(first.readLine());
            told.add(second.readLine());
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
            // By its handle, since a process killed as such takes what it had said with it.
            processes.forEach(process -> process.toHandle().destroyForcibly());
            first.lines().filter(KilledPromotionIT::whole).forEach(told::add);
            second.lines().filter(KilledPromotionIT::whole).forEach(told::add);
        } finally {
            processes.forEach(Process::destroyForcibly);
            for (Process process : processes) {
                process.waitFor();
            }
        }
        return told;
    }

    private static boolean whole(String line) {
        return line.length() == 71;
    }

    private Process start(int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Promoter.class.getName(),
                        temp.resolve("workspaces").toString(),
                        Integer.toString(number))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Set<String> onTheBranch(WorkspaceRepository repository) throws IOException {
        Set<String> promoted = new HashSet<>();
        List<LogEntry> log = repository.log("main", Integer.MAX_VALUE);
        for (LogEntry entry : log.subList(0, log.size() - 1)) {
            promoted.add(entry.run() + " " + entry.commit());
        }
        return promoted;
    }

    private static Set<String> markers(WorkspaceRepository repository) throws Exception {
        Set<String> markers = new HashSet<>();
        git(repository.directory(), "for-each-ref", "--format=%(refname:lstrip=3) %(objectname)", RefNames.PROMOTIONS)
                .lines()
                .forEach(markers::add);
        return markers;
    }
}
