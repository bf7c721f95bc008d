package dev.airlock.workflows.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.id.Principal;
import io.temporal.client.WorkflowStub;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events that others send to a run. */
class RunEventsTest {
    private static final Principal RITA = new Principal("user:rita");

    private final TestRun test = new TestRun();

    @AfterEach
    void stop() {
        test.close();
    }

    @Test
    void keepsNoMoreThanItCanAndTellsWhatItDrops() {
        waitForReview();
        for (int i = 0; i < EventInbox.MOST_KEPT + 2; i++) {
            test.run().event(event("e" + i));
            test.run().event(event("e0"));
        }
        finish();

        assertThat(dropped()).extracting(data -> data.get("id")).containsExactly("e64", "e65");
        assertThat(dropped().getFirst()).containsEntry("reason", "64 events wait for a step already");
    }

    @Test
    void tellsWhatIsNoEventAndGoesOn() {
        waitForReview();
        WorkflowStub raw = WorkflowStub.fromTyped(test.run());
        raw.signal("event", Map.of("id", "only \ud83d\ude00".substring(0, 6)));
        raw.signal("event", List.of("not", "an", "object"));
        raw.signal("event", Map.of("time", "yesterday"));
        raw.signal("event");
        test.run().event(new RunEvent("ci", "\ud83d", "go", "x".repeat(RunEvent.LONGEST_DATA + 1), Instant.EPOCH));
        finish();

        assertThat(dropped())
                .extracting(data -> data.get("id"), data -> data.get("reason"))
                .contains(tuple("\ufffd", "data is at most " + RunEvent.LONGEST_DATA + " characters"));
        assertThat(test.world.types()).endsWith("run.ended");
    }

    private static RunEvent event(String id) {
        return new RunEvent("ci", id, "deploy.finished", "{}", Instant.EPOCH);
    }

    private void waitForReview() {
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);
    }

    private void finish() {
        test.approve(RITA);
        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
    }

    private List<Map<String, Object>> dropped() {
        return List.copyOf(test.world.trail).stream()
                .filter(entry -> entry.type().equals("event.dropped"))
                .map(AuditEntry::data)
                .toList();
    }
}
