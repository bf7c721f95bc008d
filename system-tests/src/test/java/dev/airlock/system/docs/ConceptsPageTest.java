package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.review.Evidence;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people approve, and the picture of states, are told whole. */
class ConceptsPageTest {
    private static final Page PAGE = Page.of("docs/concepts.md");

    @Test
    void explainsEveryMemberOfTheEvidence() {
        List<String> members = Arrays.stream(Evidence.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> !name.equals("schema"))
                .toList();
        assertThat(PAGE.table("Evidence").stream().flatMap(row -> Page.codes(row.getFirst()).stream()))
                .containsExactlyInAnyOrderElementsOf(members);
    }

    @Test
    void drawsEveryStateAndTellsTheOutcomesThatARunCanCloseWith() {
        String picture = PAGE.blocks("mermaid").getLast().text();
        for (RunState state : RunState.values()) {
            assertThat(picture).contains(state.name());
        }
        for (Outcome outcome : Outcome.values()) {
            // Of a run that was terminated from outside, which no arrow of its own leads to.
            if (outcome != Outcome.ABANDONED) {
                assertThat(picture).contains(outcome.name());
            }
        }
    }
}
