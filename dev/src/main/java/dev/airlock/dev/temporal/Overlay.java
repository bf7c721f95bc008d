package dev.airlock.dev.temporal;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.Objects;
import java.util.Set;

/** A service some of whose methods are another's. */
final class Overlay {
    private Overlay() {}

    static ServerServiceDefinition of(BindableService below, BindableService above, Set<MethodDescriptor<?, ?>> taken) {
        ServerServiceDefinition whole = below.bindService();
        ServerServiceDefinition ours = above.bindService();
        ServerServiceDefinition.Builder merged = ServerServiceDefinition.builder(whole.getServiceDescriptor());
        for (ServerMethodDefinition<?, ?> method : whole.getMethods()) {
            MethodDescriptor<?, ?> descriptor = method.getMethodDescriptor();
            if (taken.contains(descriptor)) {
                merged.addMethod(Objects.requireNonNull(ours.getMethod(descriptor.getFullMethodName())));
            } else {
                merged.addMethod(method);
            }
        }
        return merged.build();
    }
}
