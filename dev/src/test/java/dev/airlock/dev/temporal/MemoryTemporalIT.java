package dev.airlock.dev.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.airlock.dev.ports.Ports;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTemporalIT {
    private static final SearchAttributeKey<String> STATE = SearchAttributeKey.forKeyword("AirlockState");

    @TempDir
    Path directory;

    private MemoryTemporal memory;
    private TemporalClients clients;

    @BeforeEach
    void start() throws Exception {
        memory = MemoryTemporal.start(new Ports(new StateDirectory(directory).create()));
        clients = TemporalClients.connect(memory.target());
    }

    @AfterEach
    void stop() {
        clients.close();
        memory.close();
    }

    @Test
    void listensOnLoopbackAloneAndOnNothingAfterwards() throws Exception {
        int port = Integer.parseInt(memory.target().replaceAll(".*:", ""));
        for (InetAddress address : others()) {
            assertThat(accepts(address, port)).as("%s", address).isFalse();
        }
        assertThat(accepts(InetAddress.getLoopbackAddress(), port)).isTrue();

        memory.close();
        assertThat(accepts(InetAddress.getLoopbackAddress(), port)).isFalse();
    }

    @Test
    void listsOpenOnesFirstAndEachGroupNewestFirst() throws Exception {
        for (int i = 1; i <= 5; i++) {
            begin("ChangeWorkflow", "run-" + i, i % 2 == 0 ? "RUNNING" : "WAITING_REVIEW");
        }
        begin("Other", "other", "RUNNING");
        stub("run-5").terminate("enough");
        stub("run-2").terminate("enough");

        assertThat(ids("WorkflowType = 'ChangeWorkflow'", 10))
                .containsExactly("run-4", "run-3", "run-1", "run-5", "run-2");
        assertThat(ids("WorkflowType = 'ChangeWorkflow'", 2))
                .containsExactly("run-4", "run-3", "run-1", "run-5", "run-2");
        assertThat(ids("WorkflowType = 'ChangeWorkflow' AND AirlockState = 'RUNNING'", 1))
                .containsExactly("run-4", "run-2");
        assertThat(ids("AirlockState = 'nothing'", 10)).isEmpty();
        assertThat(count("AirlockState = 'RUNNING'")).isEqualTo(3);
    }

    @Test
    void saysWhichListsItCannotMake() {
        assertThatThrownBy(() -> ids("StartTime > '2020-01-01T00:00:00Z'", 10))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("the in-memory Temporal lists by NAME = 'VALUE'");
    }

    @Test
    void knowsOurSearchAttributesAndMemo() {
        begin("ChangeWorkflow", "run-1", "RUNNING");

        WorkflowExecutionInfo listed =
                page("AirlockState = 'RUNNING'", 10, ByteString.EMPTY).getExecutions(0);

        assertThat(listed.getMemo().getFieldsMap()).containsKey("target");
        assertThat(listed.getSearchAttributes().getIndexedFieldsMap()).containsKey("AirlockState");
    }

    private void begin(String type, String id, String state) {
        clients.client()
                .newUntypedWorkflowStub(
                        type,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(id)
                                .setTaskQueue("nobody")
                                .setMemo(Map.of("target", "x"))
                                .setTypedSearchAttributes(SearchAttributes.newBuilder()
                                        .set(STATE, state)
                                        .build())
                                .build())
                .start();
    }

    private WorkflowStub stub(String id) {
        return clients.client().newUntypedWorkflowStub(id);
    }

    private List<String> ids(String query, int size) {
        List<String> ids = new ArrayList<>();
        ListWorkflowExecutionsResponse page = ListWorkflowExecutionsResponse.getDefaultInstance();
        do {
            page = page(query, size, page.getNextPageToken());
            assertThat(page.getExecutionsCount()).isLessThanOrEqualTo(size);
            page.getExecutionsList().forEach(one -> ids.add(one.getExecution().getWorkflowId()));
        } while (!page.getNextPageToken().isEmpty());
        return ids;
    }

    private ListWorkflowExecutionsResponse page(String query, int size, ByteString token) {
        return clients.stubs()
                .blockingStub()
                .listWorkflowExecutions(ListWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .setQuery(query)
                        .setPageSize(size)
                        .setNextPageToken(token)
                        .build());
    }

    private long count(String query) {
        return clients.stubs()
                .blockingStub()
                .countWorkflowExecutions(CountWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .setQuery(query)
                        .build())
                .getCount();
    }

    private static List<InetAddress> others() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
    }

    private static boolean accepts(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
