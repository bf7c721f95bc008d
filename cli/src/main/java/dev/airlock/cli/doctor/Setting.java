package dev.airlock.cli.doctor;

import dev.airlock.platform.state.Endpoints;
import java.util.Optional;

/**
 * What the doctor looks at.
 *
 * @param temporal address that the environment names; empty when none
 * @param kafka the same
 * @param engine that the environment demands; empty when any will do
 * @param endpoints of what serves now; its addresses are those that commands use
 */
record Setting(
        Optional<String> temporal, Optional<String> kafka, Optional<String> engine, Optional<Endpoints> endpoints) {

    /** The same, with what was found out. */
    Setting serving(Optional<Endpoints> found) {
        return new Setting(temporal, kafka, engine, found);
    }

    Optional<String> temporalTarget() {
        return endpoints.map(each -> each.temporal().target()).or(() -> temporal);
    }

    Optional<String> kafkaBootstrap() {
        return endpoints.map(each -> each.kafka().bootstrap()).or(() -> kafka);
    }

    /** Whether no other engine will do. */
    boolean demands(String name) {
        return engine.map(name::equals).orElse(false);
    }

    /** Whether that Temporal is one in memory, which knows neither retention nor search attributes. */
    boolean inMemory() {
        return endpoints.map(each -> each.temporal().kind().equals("memory")).orElse(false);
    }

    /** Whether that Kafka is the one broker that dev starts. */
    boolean embeddedKafka() {
        return endpoints.map(each -> each.kafka().kind().equals("embedded")).orElse(false);
    }

    boolean serves() {
        return endpoints.isPresent();
    }
}
