package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.sandbox.SandboxActivities;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.sandbox.SandboxResult;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The activity under Temporal's own harness, on a real docker daemon. */
class SandboxActivitiesIT {
    @TempDir
    Path directory;

    private final TestActivityEnvironment temporal =
            TestActivityEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                    .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                            .setDataConverter(Payloads.converter(List.of()))
                            .build())
                    .build());
    private final List<String> events = new CopyOnWriteArrayList<>();
    private JobFixture fixture;
    private SandboxActivitiesImpl activities;

    @BeforeEach
    void open() throws Exception {
        fixture = JobFixture.in(directory);
        activities = new SandboxActivitiesImpl(new Listening(fixture.engine), fixture.stores, "here");
        temporal.registerActivitiesImplementations(activities);
    }

    @AfterEach
    void close() throws Exception {
        temporal.close();
        fixture.close();
    }

    /** Says when the engine is first touched. */
    private final class Listening extends ForwardingEngine {
        Listening(SandboxEngine engine) {
            super(engine);
        }

        @Override
        public Sandbox openOrAdopt(SandboxSpec spec) throws IOException {
            events.add("open");
            return super.openOrAdopt(spec);
        }
    }

    @Test
    void saysWhereTheSandboxIsBeforeThereIsOne() {
        temporal.setActivityHeartbeatListener(
                SandboxPlace.class, place -> events.add(place.host() + " " + place.container()));
        SandboxJob job = fixture.job("sleep 3");
        SandboxResult result = temporal.newActivityStub(SandboxActivities.class).run(job);
        assertThat(((SandboxResult.Ended) result).command().passed()).isTrue();
        assertThat(events).first().isEqualTo("here " + JobFixture.container(job));
        assertThat(events.get(1)).isEqualTo("open");
        assertThat(events.size()).as("it beats on while the command runs").isGreaterThan(3);
    }

    @Test
    void leavesTheSandboxToTheNextWorkerWhenThisOneLeaves() throws Exception {
        SandboxJob job = fixture.job("echo once; sleep 4");
        Path output = fixture.output(job);
        Thread leaving = new Thread(() -> {
            while (!Files.exists(output)) {
                LockSupport.parkNanos(20_000_000);
            }
            activities.close();
        });
        leaving.start();
        assertThatThrownBy(
                        () -> temporal.newActivityStub(SandboxActivities.class).run(job))
                .isInstanceOf(ActivityFailure.class)
                .cause()
                .isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
                    assertThat(failure.getType()).isEqualTo(FailureType.DETACHED.name());
                    assertThat(failure.getDetails().get(SandboxPlace.class))
                            .isEqualTo(new SandboxPlace("here", JobFixture.container(job)));
                });
        leaving.join();
        assertThat(fixture.engine.exists(JobFixture.container(job))).isTrue();
        assertThat(fixture.text(fixture.ended(job).command().report())).isEqualTo("once\n");
    }

    @Test
    void aCancelledJobLeavesNothing() throws Exception {
        SandboxJob job = fixture.job("sleep 60");
        Path output = fixture.output(job);
        temporal.setActivityHeartbeatListener(SandboxPlace.class, place -> {
            if (Files.exists(output)) {
                temporal.requestCancelActivity();
            }
        });
        assertThatThrownBy(
                        () -> temporal.newActivityStub(SandboxActivities.class).run(job))
                .isInstanceOf(CanceledFailure.class);
        assertThat(fixture.engine.exists(JobFixture.container(job))).isFalse();
    }

    @Test
    void failuresHaveTypesAndNames() {
        SandboxJob job = fixture.job("true");
        SandboxJob unknown = new SandboxJob(
                job.installation(),
                job.at(),
                new SandboxJob.Tree("nowhere", job.tree().base(), job.tree().commit()),
                job.command(),
                job.input(),
                job.product(),
                job.scheduledAt());
        assertThatThrownBy(
                        () -> temporal.newActivityStub(SandboxActivities.class).run(unknown))
                .cause()
                .isInstanceOfSatisfying(
                        ApplicationFailure.class,
                        failure -> assertThat(failure.getOriginalMessage())
                                .contains(job.at().run().value(), "test/1", "no workspace nowhere"));
    }
}
