package dev.airlock.platform.temporal;

import com.google.protobuf.ByteString;
import dev.airlock.workflows.id.Traceparent;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.common.interceptors.Header;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptor;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowClientInterceptorBase;
import java.util.HashMap;
import java.util.Map;

/** Tells a run, with each update, in which trace it was asked for. Costs some 100 bytes of its history. */
public final class CallerTrace extends WorkflowClientInterceptorBase {
    private static final String HEADER = "traceparent";
    private static final ByteString PLAIN = ByteString.copyFromUtf8("binary/plain");

    private final Payload traceparent;

    private CallerTrace(String traceparent) {
        this.traceparent = Payload.newBuilder()
                .putMetadata("encoding", PLAIN)
                .setData(ByteString.copyFromUtf8(traceparent))
                .build();
    }

    /** The client, as one that is called in the middle of a trace; itself, if the text names none. */
    public static WorkflowClient on(WorkflowClient client, String traceparent) {
        String caller = Traceparent.orNull(traceparent);
        if (caller == null) {
            return client;
        }
        return WorkflowClient.newInstance(
                client.getWorkflowServiceStubs(),
                WorkflowClientOptions.newBuilder(client.getOptions())
                        .setInterceptors(new CallerTrace(caller))
                        .build());
    }

    @Override
    public WorkflowClientCallsInterceptor workflowClientCallsInterceptor(WorkflowClientCallsInterceptor next) {
        return new Calls(next);
    }

    private final class Calls extends WorkflowClientCallsInterceptorBase {
        private Calls(WorkflowClientCallsInterceptor next) {
            super(next);
        }

        @Override
        public <R> WorkflowUpdateHandle<R> startUpdate(StartUpdateInput<R> input) {
            Map<String, Payload> values = new HashMap<>(input.getHeader().getValues());
            values.put(HEADER, traceparent);
            return super.startUpdate(new StartUpdateInput<>(
                    input.getWorkflowExecution(),
                    input.getWorkflowType(),
                    input.getUpdateName(),
                    new Header(values),
                    input.getUpdateId(),
                    input.getArguments(),
                    input.getResultClass(),
                    input.getResultType(),
                    input.getFirstExecutionRunId(),
                    input.getWaitPolicy()));
        }
    }
}
