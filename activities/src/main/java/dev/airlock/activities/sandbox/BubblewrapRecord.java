package dev.airlock.activities.sandbox;

import dev.airlock.platform.state.ProcessRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of a sandbox, so that the next worker finds it again.
 *
 * @param process process 1 by the host's word; absent until it was started
 */
record BubblewrapRecord(
        String name, Job job, Made made, @Nullable ProcessRecord process) {

    /**
     * What it is for.
     *
     * @param spec as {@link SandboxSpec.Lease#spec()}
     */
    record Job(String installation, String run, String step, int attempt, String spec, String image) {
        static Job of(SandboxSpec spec) {
            return new Job(
                    spec.owner().installation(),
                    spec.owner().at().run().value(),
                    spec.owner().at().step(),
                    spec.owner().at().attempt(),
                    spec.lease().spec().value(),
                    spec.image());
        }
    }

    /**
     * How it was made.
     *
     * @param user inside; outside too where the worker may choose
     * @param cgroups directories of its own; none where none can be made
     * @param isolation digest of all arguments, the user aside: another one is another version of ours
     */
    record Made(int user, List<Path> cgroups, String isolation, Instant at, Instant deadline) {
        Made {
            cgroups = List.copyOf(cgroups);
        }
    }

    BubblewrapRecord with(ProcessRecord started) {
        return new BubblewrapRecord(name, job, made, started);
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }
}
