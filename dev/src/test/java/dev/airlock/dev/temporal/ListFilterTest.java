package dev.airlock.dev.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.api.common.v1.WorkflowType;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListFilterTest {
    @Test
    void readsEquationsJoinedByAnd() {
        assertThat(ListFilter.parse("WorkflowType = 'ChangeWorkflow' AND AirlockWorkspace='it''s \\\\ AND x'")
                        .terms())
                .isEqualTo(List.of(
                        new ListFilter.Term("WorkflowType", "ChangeWorkflow"),
                        new ListFilter.Term("AirlockWorkspace", "it's \\ AND x")));
        assertThat(ListFilter.parse("").terms()).isEmpty();
        assertThat(ListFilter.parse("A = '" + "x".repeat(100_000) + "'").terms())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A = 'x' OR B = 'y'",
                "A = 'x' AND",
                "A = 'x' B = 'y'",
                "A = 'x'' AND B = 'y'",
                "A > 'x'",
                "A = x",
                "ORDER BY StartTime",
                "(A = 'x')"
            })
    void refusesEverythingElse(String query) {
        assertThatThrownBy(() -> ListFilter.parse(query))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    @Test
    void comparesTypeAndAttributes() {
        WorkflowExecutionInfo workflow = WorkflowExecutionInfo.newBuilder()
                .setType(WorkflowType.newBuilder().setName("ChangeWorkflow"))
                .setSearchAttributes(SearchAttributes.newBuilder()
                        .putIndexedFields(
                                "AirlockState",
                                DefaultDataConverter.STANDARD_INSTANCE
                                        .toPayload("ENDED")
                                        .orElseThrow()))
                .build();

        assertThat(ListFilter.parse("WorkflowType = 'ChangeWorkflow'").admitsType(workflow))
                .isTrue();
        assertThat(ListFilter.parse("WorkflowType = 'Other'").admitsType(workflow))
                .isFalse();
        assertThat(ListFilter.parse("AirlockState = 'ENDED'").admits(workflow)).isTrue();
        assertThat(ListFilter.parse("AirlockState = 'RUNNING'").admits(workflow))
                .isFalse();
        assertThat(ListFilter.parse("AirlockAuthor = 'user:a'").admits(workflow))
                .isFalse();
    }
}
