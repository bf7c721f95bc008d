package dev.airlock.cli.doctor;

import dev.airlock.platform.state.Endpoints;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the doctor looks at.
 *
 * @param temporal address that the environment names; empty when none
 * @param kafka the same
 * @param engine that the environment demands; empty when any will do
 * @param endpoints of what serves now; its addresses are those that commands use
 * @param kafkaProperties file that the environment names for logging in to Kafka
 */
record Setting(
        Optional<String> temporal,
        Optional<String> kafka,
        Optional<String> engine,
        Optional<Endpoints> endpoints,
        Optional<Path> kafkaProperties) {
    /** Without a login. */
    Setting(Optional<String> temporal, Optional<String> kafka, Optional<String> engine, Optional<Endpoints> endpoints) {
        this(temporal, kafka, engine, endpoints, Optional.empty());
    }

    /** The same, with what was found out. */
    Setting serving(Optional<Endpoints> found) {
        Optional<Endpoints> used =
                found.map(each -> kafkaProperties.map(each::withKafkaProperties).orElse(each));
        return new Setting(temporal, kafka, engine, used, kafkaProperties);
    }

    Optional<String> temporalTarget() {
        return endpoints.map(each -> each.temporal().target()).or(() -> temporal);
    }

    Optional<Endpoints.Kafka> cluster() {
        String file = kafkaProperties.map(Path::toString).orElse(null);
        return endpoints
                .map(Endpoints::kafka)
                .or(() -> kafka.map(bootstrap -> new Endpoints.Kafka(bootstrap, "external", file)));
    }

    Optional<String> kafkaBootstrap() {
        return cluster().map(Endpoints.Kafka::bootstrap);
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
        return endpoints.map(each -> each.kafka().embedded()).orElse(false);
    }

    boolean serves() {
        return endpoints.isPresent();
    }
}
