package dev.airlock.cli.doctor;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.sandbox.BubblewrapFacts;
import dev.airlock.activities.sandbox.DockerFacts;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.temporal.TemporalFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where what is known comes from. Each may take its time, or fail; none changes anything that stays. */
interface Sources {
    MachineFacts machine() throws IOException;

    StateFacts state() throws IOException;

    DockerFacts docker(Duration limit) throws IOException;

    /** Empty when it is not installed. */
    Optional<BubblewrapFacts> bubblewrap(Duration limit) throws IOException;

    /** Version of the cgroups that a sandbox could get; empty when none. */
    Optional<Integer> cgroups() throws IOException;

    /**
     * Harmless attempts of the hostile suite in one sandbox; empty where the suite is not built.
     *
     * @param engine the wanted one's name; empty for docker when it answers, else bubblewrap
     */
    List<CaseResult> attempts(Optional<String> engine) throws IOException;

    TemporalFacts temporal(String target, Duration limit);

    KafkaFacts kafka(Endpoints.Kafka cluster, Duration limit);

    /**
     * The machine and what is installed on it.
     *
     * @param java version of the running one
     * @param compiler path of the C compiler
     * @param init whether sandbox-init is built
     * @param temporal path of the {@code temporal} command
     * @param built when the program was built; the clock cannot honestly be before that
     */
    record MachineFacts(
            Runtime.Version java,
            Optional<Path> compiler,
            boolean init,
            Optional<Path> temporal,
            Instant built,
            Instant now) {}

    /**
     * The state directory.
     *
     * @param exists whether it has been made
     * @param trouble why it cannot be used, empty when it can
     * @param free bytes that may still be written where it is
     * @param endpoints what serves on it now
     * @param odd what is wrong with what should say so
     */
    record StateFacts(
            Path root, boolean exists, String trouble, long free, Optional<Endpoints> endpoints, String odd) {}
}
