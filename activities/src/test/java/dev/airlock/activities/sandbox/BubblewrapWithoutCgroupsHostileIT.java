package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.sandbox.SandboxResult;
import org.junit.jupiter.api.Test;

/** Against processes of a host that lets nobody make cgroups: sandbox-init and rlimits hold the limits. */
class BubblewrapWithoutCgroupsHostileIT extends HostileContract {
    @Override
    TestEngine kind() {
        return TestEngine.BUBBLEWRAP_WITHOUT_CGROUPS;
    }

    @Test
    void saysSoInItsTier() {
        assertThat(fixture.engine.identity().tier()).isEqualTo("bubblewrap-rlimits");
    }

    /** Eight children of 32 MiB each are more than 128 MiB only to who counts shared pages for each of them. */
    @Test
    void memoryThatIsSharedAfterAForkCountsOnce() throws Exception {
        SandboxResult.Ended result = act("family", limits(60));
        assertThat(result.command().passed()).as(output(result)).isTrue();
    }
}
