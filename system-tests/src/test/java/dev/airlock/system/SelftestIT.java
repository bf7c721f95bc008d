package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs that mean harm, against the engines of this machine, by the command that users have. */
class SelftestIT {
    private static final int FEWEST = 80;

    private Airlock airlock;

    @BeforeEach
    void open() throws IOException {
        airlock = new Airlock();
    }

    @AfterEach
    void close() throws IOException {
        airlock.close();
    }

    private static List<String> of(JsonNode answer, String verdict) {
        List<String> found = new ArrayList<>();
        for (JsonNode one : answer.path("cases")) {
            if (one.path("verdict").asText().equals(verdict)) {
                found.add(one.path("name").asText() + ": " + one.path("detail").asText());
            }
        }
        return found;
    }

    private static void assertHeld(Answer run) {
        JsonNode answer = run.json();
        assertThat(of(answer, "breached")).isEmpty();
        assertThat(of(answer, "unknown")).isEmpty();
        assertThat(answer.path("left")).isEmpty();
        assertThat(answer.path("cases")).hasSizeGreaterThanOrEqualTo(FEWEST);
        run.expectExit(0);
    }

    @Test
    void dockerContainsAllOfThem() {
        Answer run = airlock.run("sandbox", "selftest", "--engine", "docker");
        assertHeld(run);
        assertThat(of(run.json(), "exception")).isEmpty();
        assertThat(run.json().path("contained").asInt()).isGreaterThanOrEqualTo(FEWEST);
    }

    @Test
    void bubblewrapContainsTheQuickOnes() {
        assertHeld(airlock.run("sandbox", "selftest", "--engine", "bubblewrap", "--quick"));
    }

    @Test
    @Tag("chaos")
    void bubblewrapContainsAllButItsListedExceptions() {
        assertHeld(airlock.run("sandbox", "selftest", "--engine", "bubblewrap"));
    }

    @Test
    void bubblewrapWithoutCgroupsContainsAllButItsListedExceptions() {
        List<String> words = new ArrayList<>(List.of("sandbox", "selftest", "--engine", "bubblewrap"));
        for (String name : List.of("cpu-spin", "mem-hog", "mem-memfd", "fork-flood", "fork-bomb", "oom-steer")) {
            words.addAll(List.of("--case", name));
        }
        Answer run = airlock.run(Map.of("AIRLOCK_CGROUPS", "no"), words.toArray(String[]::new));
        run.expectExit(0);
        assertThat(of(run.json(), "breached")).isEmpty();
        assertThat(run.json().at("/engine/tier").asText()).isEqualTo("bubblewrap-rlimits");
    }

    @Test
    void anUnknownCaseIsNotFound() {
        Answer run = airlock.run("sandbox", "selftest", "--case", "no-such-case");
        run.expectExit(2);
        assertThat(run.json().at("/error/code").asText()).isEqualTo("NOT_FOUND");
    }
}
