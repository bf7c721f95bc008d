package dev.airlock.cli;

import dev.airlock.cli.session.Session;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.TemporalAirlockClient;
import dev.airlock.starter.audit.AuditedAirlockClient;
import dev.airlock.starter.output.KafkaLiveOutput;

/** Connects to what serves on the session's state directory. */
final class Clients {
    private Clients() {}

    static AirlockClient connect(Session session) {
        Endpoints endpoints = session.endpoints();
        AirlockClient client = new TemporalAirlockClient(
                TemporalClients.lazily(endpoints.temporal().target()).client(),
                session.state(),
                endpoints.installation(),
                "airlock:cli",
                new KafkaLiveOutput(new KafkaClients(endpoints.kafka().bootstrap()), Topics.OUTPUT));
        return new AuditedAirlockClient(client, session.trail());
    }
}
