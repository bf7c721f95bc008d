package dev.airlock.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a command gave back. */
record Answer(String command, int exit, String out, String err) {

    /** Its one object. */
    JsonNode json() {
        try {
            return Payloads.mapper().readTree(out);
        } catch (IOException e) {
            throw new UncheckedIOException(this + " printed no JSON", e);
        }
    }

    String text(String pointer) {
        return json().at(pointer).asText();
    }

    Answer expectExit(int expected) {
        if (exit != expected) {
            throw new AssertionError("expected exit " + expected + " of " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return command + " → exit " + exit + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
    }
}
