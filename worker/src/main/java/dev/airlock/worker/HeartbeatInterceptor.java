package dev.airlock.worker;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets every activity that has a heartbeat time-out beat as long as it runs, so that a dead worker is noticed early and a
 * slow one is not taken for dead. Sandbox jobs beat for themselves, since their beats say where their sandbox is.
 */
final class HeartbeatInterceptor extends WorkerInterceptorBase implements AutoCloseable {
    private static final long PERIOD_MILLIS = 1000;
    private static final String BEATS_FOR_ITSELF = "Sandbox_";

    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeats").factory());

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new ActivityInboundCallsInterceptorBase(next) {
            private @Nullable ActivityExecutionContext context;

            // The thread has no context yet when an interceptor executes: it is given here, once for each execution.
            @Override
            public void init(ActivityExecutionContext given) {
                context = given;
                super.init(given);
            }

            @Override
            public ActivityOutput execute(ActivityInput input) {
                ActivityExecutionContext context = Objects.requireNonNull(this.context, "init comes first");
                if (!wantsBeats(context)) {
                    return super.execute(input);
                }
                ScheduledFuture<?> beat = beats.scheduleAtFixedRate(
                        () -> beat(context), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
                try {
                    return super.execute(input);
                } finally {
                    beat.cancel(false);
                }
            }
        };
    }

    private static boolean wantsBeats(ActivityExecutionContext context) {
        Duration timeout = context.getInfo().getHeartbeatTimeout();
        return !context.getInfo().isLocal()
                && timeout.isPositive()
                && !context.getInfo().getActivityType().startsWith(BEATS_FOR_ITSELF);
    }

    private static void beat(ActivityExecutionContext context) {
        try {
            context.heartbeat(null);
        } catch (ActivityCompletionException over) {
            // These activities are short and idempotent: they end by themselves, and Temporal drops a late result.
            return;
        }
    }

    @Override
    public void close() {
        beats.shutdownNow();
    }
}
