package dev.airlock.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.airlock.activities.sandbox.SandboxClaim;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.session.SessionMemo;
import io.temporal.api.common.v1.ActivityType;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflow.v1.PendingWorkflowTaskInfo;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.common.converter.DataConverter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunClaimsTest {
    private static final DataConverter CONVERTER = Payloads.converter(List.of());

    private static DescribeWorkflowExecutionResponse.Builder run(WorkflowExecutionStatus status) {
        return DescribeWorkflowExecutionResponse.newBuilder()
                .setWorkflowExecutionInfo(WorkflowExecutionInfo.newBuilder().setStatus(status));
    }

    private static DescribeWorkflowExecutionResponse.Builder open() {
        return run(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    }

    private static PendingActivityInfo.Builder activity(String type) {
        return PendingActivityInfo.newBuilder()
                .setActivityType(ActivityType.newBuilder().setName(type));
    }

    private static PendingActivityInfo job(String container) {
        return activity("Sandbox_Run")
                .setHeartbeatDetails(CONVERTER
                        .toPayloads(new SandboxPlace("host", container))
                        .orElseThrow())
                .build();
    }

    private static SandboxClaim read(DescribeWorkflowExecutionResponse.Builder run) {
        return RunClaims.read(run.build(), CONVERTER);
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkflowExecutionStatus.class,
            names = ".*_(COMPLETED|FAILED|CANCELED|TERMINATED|TIMED_OUT)",
            mode = EnumSource.Mode.MATCH_ALL)
    void aRunThatIsOverWantsNothing(WorkflowExecutionStatus status) {
        SandboxClaim claim = read(run(status).addPendingActivities(job("one")));

        assertThat(claim.whole()).isFalse();
        assertThat(claim.names()).isEmpty();
        assertThat(claim.reason()).contains(status.name().substring(26));
    }

    @Test
    void anOpenRunWithoutAJobWantsNothing() {
        SandboxClaim claim =
                read(open().addPendingActivities(activity("Validate_Check")).addPendingActivities(activity("Audit_X")));

        assertThat(claim).isEqualTo(SandboxClaim.only(Set.of(), "its run is open and has no job"));
    }

    /** A worker that died: its job is over, and the run has not been told yet, so that it may send the job again. */
    @Test
    void aRunThatHasToDecideMayWantAnything() {
        assertThat(read(open().setPendingWorkflowTask(PendingWorkflowTaskInfo.getDefaultInstance()))
                        .whole())
                .isTrue();
    }

    @Test
    void aJobWantsItsOwnSandboxAlone() {
        assertThat(read(open().addPendingActivities(job("one")).addPendingActivities(job("two")))
                        .names())
                .containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void aJobThatHasNotSaidWhereItIsMayWantAnything() {
        assertThat(read(open().addPendingActivities(job("one")).addPendingActivities(activity("Sandbox_Run")))
                        .whole())
                .isTrue();
    }

    @Test
    void detailsThatDoNotReadMayMeanAnything() {
        io.temporal.api.common.v1.Payloads.Builder noise = io.temporal.api.common.v1.Payloads.newBuilder()
                .addPayloads(Payload.newBuilder()
                        .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                        .setData(ByteString.copyFromUtf8("{\"host\":")));
        assertThat(read(open().addPendingActivities(activity("Sandbox_Run").setHeartbeatDetails(noise)))
                        .whole())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkflowExecutionStatus.class,
            names = {"UNRECOGNIZED", "WORKFLOW_EXECUTION_STATUS_UNSPECIFIED"},
            mode = EnumSource.Mode.INCLUDE)
    void anUnknownStatusIsNotClosed(WorkflowExecutionStatus status) {
        DescribeWorkflowExecutionResponse.Builder run = DescribeWorkflowExecutionResponse.newBuilder()
                .setWorkflowExecutionInfo(WorkflowExecutionInfo.newBuilder()
                        .setStatusValue(status == WorkflowExecutionStatus.UNRECOGNIZED ? 99 : 0));

        assertThat(read(run.addPendingActivities(job("one"))).names()).containsExactly("one");
    }

    @Test
    void aTemporalThatDoesNotAnswerIsNoAnswer() {
        try (TemporalClients nobody = TemporalClients.lazily("127.0.0.1:1")) {
            assertThatThrownBy(() -> new RunClaims(nobody).of(new RunId("run-" + "a".repeat(26))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("its sandboxes stay");
        }
    }

    private static DescribeWorkflowExecutionResponse.Builder sandbox(@Nullable String container) {
        SessionMemo memo = new SessionMemo(Instant.EPOCH, null, container);
        return DescribeWorkflowExecutionResponse.newBuilder()
                .setWorkflowExecutionInfo(WorkflowExecutionInfo.newBuilder()
                        .setStatus(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING)
                        .setMemo(Memo.newBuilder()
                                .putFields(
                                        SessionMemo.KEY,
                                        CONVERTER.toPayload(memo).orElseThrow())));
    }

    private static SandboxClaim readSandbox(DescribeWorkflowExecutionResponse.Builder sandbox) {
        return RunClaims.readSandbox(sandbox.build(), CONVERTER);
    }

    /** Also that of a newer version: it keeps its own container, and the sweep goes on to the others. */
    @Test
    void aMemoThatDoesNotReadMayMeanAnyContainer() {
        DescribeWorkflowExecutionResponse.Builder strange = sandbox("one");
        strange.getWorkflowExecutionInfoBuilder()
                .getMemoBuilder()
                .putFields(
                        SessionMemo.KEY,
                        Payload.newBuilder()
                                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                                .setData(ByteString.copyFromUtf8("{\"container\":"))
                                .build());

        assertThat(readSandbox(strange).whole()).isTrue();
    }

    @Test
    void anInteractiveSandboxKeepsItsContainerAlone() {
        assertThat(readSandbox(sandbox("airlock-a")).names()).containsExactly("airlock-a");
        assertThat(readSandbox(sandbox("airlock-a")).whole()).isFalse();
        assertThat(readSandbox(sandbox(null)).names()).isEmpty();
        assertThat(readSandbox(sandbox(null)).whole()).isFalse();
    }

    @Test
    void whatAnInteractiveSandboxIsAboutToMakeStays() {
        assertThat(readSandbox(open()).whole()).isTrue();
        assertThat(readSandbox(sandbox("airlock-a").addPendingActivities(activity("Session_open")))
                        .whole())
                .isTrue();
        assertThat(readSandbox(sandbox("airlock-a")
                                .setPendingWorkflowTask(PendingWorkflowTaskInfo.getDefaultInstance()))
                        .whole())
                .isTrue();
    }

    @Test
    void anInteractiveSandboxThatIsOverWantsNothing() {
        DescribeWorkflowExecutionResponse.Builder over =
                run(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
        assertThat(readSandbox(over).whole()).isFalse();
        assertThat(readSandbox(over).names()).isEmpty();
        // The next execution of the same sandbox is there, or about to be.
        assertThat(readSandbox(run(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW))
                        .whole())
                .isTrue();
    }
}
