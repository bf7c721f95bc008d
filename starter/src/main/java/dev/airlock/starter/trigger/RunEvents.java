package dev.airlock.starter.trigger;

import static dev.airlock.starter.trigger.DataReader.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Shown;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.workflows.change.RunEvent;
import dev.airlock.workflows.id.RunId;
import java.time.Instant;
import java.util.List;

/** Reads {@code dev.airlock.run.event.v1}: something that a run may wait for. */
final class RunEvents {
    /** The type of event that tells a run something. */
    static final String TYPE = "dev.airlock.run.event.v1";

    private static final int LONGEST_NAME = 255;

    private RunEvents() {}

    /** An event and the run that it is for. */
    record Addressed(RunId run, RunEvent event) {}

    /** @param appended when the broker took it: its time, if its sender says none */
    static Addressed read(CloudEvent event, Instant appended) throws Unacceptable {
        DataReader data = new DataReader(event.data(), "data", List.of("run", "event", "data"));
        String run = event.subject() == null ? data.textOrNull("run", LONGEST_NAME) : event.subject();
        if (run == null) {
            throw invalid("which run? name it in subject");
        }
        JsonNode inner = data.node("data");
        String json = inner.isMissingNode() ? "null" : inner.toString();
        if (json.length() > RunEvent.LONGEST_DATA) {
            throw invalid("data.data has " + json.length() + " characters, at most " + RunEvent.LONGEST_DATA);
        }
        Instant time = event.time() == null ? appended : event.time();
        return new Addressed(
                id(run), new RunEvent(event.source(), event.id(), data.text("event", LONGEST_NAME), json, time));
    }

    private static RunId id(String text) throws Unacceptable {
        try {
            RunId id = new RunId(text);
            if (id.isSandbox()) {
                throw invalid(text + " is an interactive sandbox, which waits for no events");
            }
            return id;
        } catch (IllegalArgumentException e) {
            throw invalid("the run " + Shown.text(text) + " is no run id");
        }
    }
}
