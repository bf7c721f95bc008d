package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A change goes from push to live, as the README tells it. */
class MainLineIT {
    private static Airlock airlock;

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
    void carriesAnAgentsChangeFromTaskToPromotion() {
        airlock.ok("workspace", "create", "orders", "--from", Airlock.ORDERS.toString());
        JsonNode pushed = airlock.ok(
                        "push",
                        "orders",
                        "--task",
                        Airlock.ORDERS.resolve("task.md").toString())
                .json();
        String run = pushed.path("run").asText();
        airlock.ok("wait", run, "--for", "review", "--timeout", "180s");
        JsonNode review = airlock.ok("review", run).json();
        String evidence = review.path("evidence").asText();
        assertThat(review.path("diff").asText()).contains("+");

        airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence);
        JsonNode ended =
                airlock.ok("wait", run, "--for", "end", "--timeout", "60s").json();

        assertThat(ended.path("outcome").asText()).isEqualTo("PROMOTED");
        assertThat(attempts(ended, "generate")).containsExactly("1:PASSED", "2:PASSED");
        assertThat(attempts(ended, "test")).containsExactly("1:RED", "2:PASSED");
        JsonNode newest = airlock.ok("workspace", "log", "orders").json().at("/items/0");
        assertThat(newest.path("commit").asText())
                .isEqualTo(ended.path("promoted").asText());
        assertThat(newest.path("parents")).hasSize(1);
        assertThat(newest.at("/parents/0").asText())
                .isEqualTo(pushed.path("base").asText());
        assertThat(newest.path("tree").asText())
                .isEqualTo(review.at("/document/tree").asText());
        JsonNode verified = airlock.ok("audit", "verify", run).json();
        assertThat(verified.path("ok").asBoolean()).isTrue();
        assertThat(verified.path("head").asText())
                .isEqualTo(ended.at("/audit/hash").asText());
    }

    private static List<String> attempts(JsonNode status, String step) {
        List<String> attempts = new ArrayList<>();
        for (JsonNode one : status.path("steps")) {
            if (one.path("id").asText().equals(step)) {
                attempts.add(
                        one.path("attempt").asInt() + ":" + one.path("verdict").asText());
            }
        }
        return attempts;
    }
}
