package dev.airlock.dev.temporal;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.AddSearchAttributesResponse;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesResponse;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc.OperatorServiceImplBase;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The in-memory service takes search attributes but does not say which it has; this does. */
final class MemoryAttributes extends OperatorServiceImplBase {
    private static final Set<MethodDescriptor<?, ?>> OURS = Set.of(
            OperatorServiceGrpc.getAddSearchAttributesMethod(), OperatorServiceGrpc.getListSearchAttributesMethod());

    private final OperatorServiceImplBase memory;
    private final Map<String, IndexedValueType> known = new ConcurrentHashMap<>();

    private MemoryAttributes(OperatorServiceImplBase memory) {
        this.memory = memory;
    }

    /** The service, with our two methods in place of its own. */
    static ServerServiceDefinition added(OperatorServiceImplBase memory) {
        return Overlay.of(memory, new MemoryAttributes(memory), OURS);
    }

    @Override
    public void addSearchAttributes(
            AddSearchAttributesRequest request, StreamObserver<AddSearchAttributesResponse> answer) {
        Answer.give(answer, () -> {
            AddSearchAttributesResponse added = Answer.of(request, memory::addSearchAttributes);
            known.putAll(request.getSearchAttributesMap());
            return added;
        });
    }

    @Override
    public void listSearchAttributes(
            ListSearchAttributesRequest request, StreamObserver<ListSearchAttributesResponse> answer) {
        Answer.give(
                answer,
                () -> ListSearchAttributesResponse.newBuilder()
                        .putAllCustomAttributes(known)
                        .build());
    }
}
