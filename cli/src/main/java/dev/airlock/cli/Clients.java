package dev.airlock.cli;

import dev.airlock.cli.session.Session;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.temporal.CallerTrace;
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
        // Set by whatever calls us in the middle of a trace of its own, such as a CI job.
        String caller = session.environment().variable("TRACEPARENT");
        AirlockClient client = new TemporalAirlockClient(
                CallerTrace.on(
                        TemporalClients.lazily(endpoints.temporal().target()).client(), caller),
                session.state(),
                endpoints.installation(),
                "airlock:cli",
                new KafkaLiveOutput(KafkaClients.of(endpoints.kafka()), Topics.OUTPUT));
        return new AuditedAirlockClient(client, session.trail());
    }
}
