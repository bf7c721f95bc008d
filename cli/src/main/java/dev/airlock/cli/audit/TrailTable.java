package dev.airlock.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A trail for people: an event a line, what matters of each, in words as short as they are clear. */
final class TrailTable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final int SHORT = 12;
    private static final int LONGEST = 120;

    /** What every event of a run repeats, or what only a program needs. */
    private static final Set<String> LEFT_OUT =
            Set.of("requestSource", "requestId", "decisionId", "identity", "engine", "tier", "note");

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Colour> colours = new ArrayList<>();
    private String incarnation = "";

    void add(byte[] record) {
        JsonNode event;
        try {
            event = Payloads.mapper().readTree(record);
        } catch (IOException e) {
            row(List.of("?", "", "", "is no event: " + record.length + " bytes"), Colour.BAD);
            return;
        }
        String from = event.path("incarnation").asText();
        if (!incarnation.isEmpty() && !incarnation.equals(from)) {
            row(List.of("", "", "", "incarnation " + from), Colour.FAINT);
        }
        incarnation = from;
        String type = event.path("type")
                .asText()
                .replaceFirst("^dev\\.airlock\\.", "")
                .replaceFirst("\\.v1$", "");
        row(
                List.of(
                        event.path("sequence").asText(),
                        time(event.path("time").asText()),
                        type,
                        summary(event.path("data"))),
                colour(type, event.path("data")));
    }

    private void row(List<String> row, Colour colour) {
        rows.add(row);
        colours.add(colour);
    }

    void write(Text text) {
        text.table(List.of("", "TIME (UTC)", "EVENT", "WHAT"), rows, colours);
    }

    private static String time(String text) {
        try {
            return TIME.format(Instant.parse(text));
        } catch (DateTimeException e) {
            return text;
        }
    }

    private static Colour colour(String type, JsonNode data) {
        String verdict = data.path("verdict").asText(data.path("outcome").asText());
        return switch (type) {
            case "run.ended" -> verdict.equals("PROMOTED") ? Colour.GOOD : Colour.BAD;
            case "step.completed" -> verdict.equals("RED") ? Colour.BAD : Colour.PLAIN;
            case "step.lost", "review.voided", "run.abandoned", "request.refused", "checkpoint.refused" -> Colour.BAD;
            case "run.attention", "review.opened" -> Colour.WAITING;
            default -> Colour.PLAIN;
        };
    }

    private static String summary(JsonNode data) {
        List<String> words = new ArrayList<>();
        data.properties().forEach(member -> {
            if (!LEFT_OUT.contains(member.getKey()) && !member.getValue().isNull()) {
                words.add(member.getKey() + "=" + value(member.getValue()));
            }
        });
        String all = String.join("  ", words);
        return all.length() > LONGEST ? all.substring(0, LONGEST - 1) + "…" : all;
    }

    /** A digest or commit is known by its beginning. */
    private static String value(JsonNode value) {
        String text = value.isValueNode() ? value.asText() : value.toString();
        if (text.matches("sha256:[0-9a-f]{64}")) {
            return text.substring(0, "sha256:".length() + SHORT);
        }
        return text.matches("[0-9a-f]{40}") ? text.substring(0, SHORT) : text;
    }
}
