package dev.airlock.dev.temporal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one answer of a service that is called in this thread. */
final class Answer<A> implements StreamObserver<A> {
    private @Nullable A value;
    private @Nullable Throwable failure;

    /** Asks a method, which answers before it returns. */
    static <Q, A> A of(Q request, BiConsumer<Q, StreamObserver<A>> method) {
        Answer<A> answer = new Answer<>();
        method.accept(request, answer);
        return answer.get();
    }

    /** Answers with what {@code made} makes, or with the status that it fails with. */
    static <A> void give(StreamObserver<A> observer, Supplier<A> made) {
        A answer;
        try {
            answer = made.get();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
            return;
        }
        observer.onNext(answer);
        observer.onCompleted();
    }

    @Override
    public void onNext(A given) {
        value = given;
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
    }

    @Override
    public void onCompleted() {
        // get() tells whether there was an answer.
    }

    private A get() {
        if (failure != null) {
            throw Status.fromThrowable(failure).asRuntimeException();
        }
        if (value == null) {
            throw Status.INTERNAL
                    .withDescription("the in-memory service did not answer")
                    .asRuntimeException();
        }
        return value;
    }
}
