package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Servers that go away delay a run and never drop, repeat or skip anything of it. */
class OutagesIT {

    @Test
    void goesOnAfterEverythingWasKilledAtOnce() throws IOException {
        try (Airlock airlock = new Airlock()) {
            Airlock.Server everything = airlock.dev();
            airlock.ok(
                    "workspace",
                    "create",
                    "counting",
                    "--from",
                    Counting.workspace(airlock, 60).toString());
            Run run = Run.push(airlock, "counting");
            run.awaitOutput("test");
            everything.kill();
            Answer alone = airlock.run("status", run.id()).expectExit(2);
            assertThat(alone.text("/error/code")).isEqualTo("UNAVAILABLE");

            airlock.dev();
            run.promote();

            Counting.assertOneWholeCount(run.log("test"), 60);
            run.assertPromotedOnce();
        }
    }

    @Test
    void promotesOnlyAfterKafkaAcknowledgedTheIntent() throws IOException {
        try (Airlock servers = new Airlock();
                Airlock airlock = new Airlock()) {
            Airlock.Server plant = servers.dev("--no-worker");
            airlock.dev(
                    "--temporal", plant.ready().at("/temporal/target").asText(),
                    "--kafka", plant.ready().at("/kafka/bootstrap").asText());
            airlock.ok(
                    "workspace",
                    "create",
                    "counting",
                    "--from",
                    Counting.workspace(airlock, 3).toString());
            Run run = Run.push(airlock, "counting");
            run.awaitReview();
            String evidence = run.evidence();
            Git git = new Git(airlock, "counting");
            String base = git.tip("main");

            // Its Temporal is a process of its own and outlives it; its Kafka does not.
            plant.kill();
            run.approve(evidence);
            airlock.awaitStatus(
                    run.id(), s -> s.path("state").asText().equals("PROMOTING"), "it does not get to the intent");
            assertThat(git.tip("main")).isEqualTo(base);
            // It is too late, and even that "no" is answered only once it is on the audit trail.
            Answer unaudited =
                    airlock.run("--yes", "cancel", run.id(), "--reason", "no").expectExit(2);
            assertThat(unaudited.text("/error/code")).isEqualTo("UNAVAILABLE");
            assertThat(airlock.status(run.id()).path("state").asText()).isEqualTo("PROMOTING");
            assertThat(git.tip("main")).isEqualTo(base);

            servers.dev("--no-worker");
            JsonNode ended = run.awaitPromotion();
            assertThat(git.tip("main")).isEqualTo(ended.path("promoted").asText());
            run.assertPromotedOnce();
        }
    }
}
