package dev.airlock.dev.temporal;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.airlock.platform.temporal.TemporalClients;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceImplBase;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The lists and counts that the in-memory service lacks, made of what it has: its open and its closed workflows, each
 * described. As on the real server open ones come first, each group newest first.
 */
final class MemoryVisibility extends WorkflowServiceImplBase {
    private static final Set<MethodDescriptor<?, ?>> OURS = Set.of(
            WorkflowServiceGrpc.getListWorkflowExecutionsMethod(),
            WorkflowServiceGrpc.getCountWorkflowExecutionsMethod());
    private static final int DEFAULT_PAGE = 1000;

    private final WorkflowServiceImplBase memory;

    private MemoryVisibility(WorkflowServiceImplBase memory) {
        this.memory = memory;
    }

    /** The service, with our two methods in place of its own. */
    static ServerServiceDefinition added(WorkflowServiceImplBase memory) {
        return Overlay.of(memory, new MemoryVisibility(memory), OURS);
    }

    @Override
    public void listWorkflowExecutions(
            ListWorkflowExecutionsRequest request, StreamObserver<ListWorkflowExecutionsResponse> answer) {
        Answer.give(answer, () -> page(request));
    }

    @Override
    public void countWorkflowExecutions(
            CountWorkflowExecutionsRequest request, StreamObserver<CountWorkflowExecutionsResponse> answer) {
        Answer.give(
                answer,
                () -> CountWorkflowExecutionsResponse.newBuilder()
                        .setCount(matching(ListFilter.parse(request.getQuery())).count())
                        .build());
    }

    private ListWorkflowExecutionsResponse page(ListWorkflowExecutionsRequest request) {
        int offset = offset(request.getNextPageToken());
        int size = request.getPageSize() > 0 ? request.getPageSize() : DEFAULT_PAGE;
        List<WorkflowExecutionInfo> found = matching(ListFilter.parse(request.getQuery()))
                .skip(offset)
                .limit(size + 1L)
                .toList();
        ListWorkflowExecutionsResponse.Builder page = ListWorkflowExecutionsResponse.newBuilder()
                .addAllExecutions(found.subList(0, Math.min(size, found.size())));
        if (found.size() > size) {
            page.setNextPageToken(ByteString.copyFromUtf8(Integer.toString(offset + size)));
        }
        return page.build();
    }

    private static int offset(ByteString token) {
        String text = token.toStringUtf8();
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("not a page token of this server")
                    .asRuntimeException();
        }
        return Integer.parseInt(text);
    }

    /** Describes one after the other, so that a page costs no more than what stands before its end. */
    private Stream<WorkflowExecutionInfo> matching(ListFilter filter) {
        Comparator<WorkflowExecutionInfo> newestFirst = Comparator.comparing(
                        WorkflowExecutionInfo::getStartTime, Timestamps.comparator())
                .reversed();
        return Stream.concat(
                        open().stream().sorted(newestFirst), closed().stream().sorted(newestFirst))
                .filter(filter::admitsType)
                .map(this::described)
                .filter(filter::admits);
    }

    private List<WorkflowExecutionInfo> open() {
        return Answer.of(ListOpenWorkflowExecutionsRequest.getDefaultInstance(), memory::listOpenWorkflowExecutions)
                .getExecutionsList();
    }

    private List<WorkflowExecutionInfo> closed() {
        return Answer.of(ListClosedWorkflowExecutionsRequest.getDefaultInstance(), memory::listClosedWorkflowExecutions)
                .getExecutionsList();
    }

    private WorkflowExecutionInfo described(WorkflowExecutionInfo listed) {
        DescribeWorkflowExecutionRequest request = DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(TemporalClients.NAMESPACE)
                .setExecution(listed.getExecution())
                .build();
        return Answer.of(request, memory::describeWorkflowExecution).getWorkflowExecutionInfo();
    }
}
