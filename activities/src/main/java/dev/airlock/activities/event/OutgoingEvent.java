package dev.airlock.activities.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.event.EventActivities.SendRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** The CloudEvent that a step sends; the same request makes the same id and the same bytes. */
final class OutgoingEvent {
    private final SendRequest request;

    OutgoingEvent(SendRequest request) {
        this.request = request;
    }

    String id() {
        return request.at().run() + "/" + request.at().step() + "/"
                + request.at().attempt();
    }

    /** @throws IOException if the data is no JSON */
    byte[] bytes() throws IOException {
        JsonNode data = CanonicalJson.tree(request.message().data().getBytes(StandardCharsets.UTF_8));
        Map<String, Object> event = new TreeMap<>();
        event.put("specversion", "1.0");
        event.put("id", id());
        event.put("source", "airlock:" + request.installation());
        event.put("type", request.message().type());
        event.put("subject", request.at().run().value());
        event.put("time", request.time().truncatedTo(ChronoUnit.MILLIS).toString());
        event.put("datacontenttype", "application/json");
        event.put("data", data);
        if (request.traceparent() != null) {
            event.put("traceparent", request.traceparent());
        }
        return CanonicalJson.bytes(event);
    }
}
