package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.sandbox.SandboxJob;
import java.nio.file.Path;
import java.util.Objects;

/** On processes of this host. */
class BubblewrapJobRunIT extends JobRunContract {
    @Override
    TestEngine kind() {
        return TestEngine.BUBBLEWRAP;
    }

    @Override
    void removeFromOutside(SandboxJob job) throws Exception {
        try (SandboxEngine other = fixture.engine()) {
            other.remove(JobFixture.container(job));
        }
    }

    @Override
    void killFromOutside(SandboxJob job) throws Exception {
        Path sandboxes = directory.resolve("sandboxes");
        BubblewrapRecord record = new BubblewrapDirectory(sandboxes)
                .find(JobFixture.container(job))
                .orElseThrow();
        long pid = Objects.requireNonNull(record.process()).pid();
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }
}
