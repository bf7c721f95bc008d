package dev.airlock.bench.runs;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** The baseline of a run: as many durable steps as the default pipeline has, none of which does anything. */
@WorkflowInterface
public interface RawWorkflow {
    /** Where it is served. */
    String QUEUE = "bench-raw";

    int STEPS = 5;

    @WorkflowMethod
    int run(String subject);

    /** A step. */
    @ActivityInterface(namePrefix = "Raw_")
    interface Steps {
        @ActivityMethod
        int step(int number);
    }

    /** Five in a row. */
    final class Impl implements RawWorkflow {
        private final Steps steps = Workflow.newActivityStub(
                Steps.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofMinutes(1))
                        .build());

        @Override
        public int run(String subject) {
            int done = 0;
            for (int i = 0; i < STEPS; i++) {
                done += steps.step(i);
            }
            return done;
        }
    }

    /** Nothing. */
    final class Nothing implements Steps {
        @Override
        public int step(int number) {
            return 1;
        }
    }
}
