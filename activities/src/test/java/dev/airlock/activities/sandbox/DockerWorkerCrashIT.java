package dev.airlock.activities.sandbox;

import dev.airlock.workflows.sandbox.SandboxJob;
import java.time.Instant;

/** Sandboxes in containers. */
class DockerWorkerCrashIT extends WorkerCrashContract {
    @Override
    TestEngine kind() {
        return TestEngine.DOCKER;
    }

    @Override
    long starts(SandboxJob job) throws Exception {
        // Docker cuts a duration such as 0s to whole seconds, and would leave out what has just happened.
        Instant now = Instant.now();
        String events = TestDocker.shared()
                .docker(
                        "events",
                        "--since",
                        "10m",
                        "--until",
                        String.format("%d.%09d", now.getEpochSecond(), now.getNano()),
                        "--filter",
                        "container=" + JobFixture.container(job),
                        "--filter",
                        "event=start",
                        "--format",
                        "{{.Action}}");
        return events.lines().count();
    }
}
