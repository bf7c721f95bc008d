package dev.airlock.evidence.audit;

import dev.airlock.workflows.id.RunId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Place of an event, written {@code <run>/<incarnation>/<sequence>}.
 *
 * @param incarnation Temporal run id
 * @param sequence from 1
 */
record EventId(RunId run, String incarnation, long sequence) {
    private static final Pattern FORM = Pattern.compile("(run-[a-z2-7]{26})/([^/\\s]{1,100})/([1-9][0-9]{0,17})");

    static Optional<EventId> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new EventId(new RunId(matcher.group(1)), matcher.group(2), Long.parseLong(matcher.group(3))));
    }

    @Override
    public String toString() {
        return run + "/" + incarnation + "/" + sequence;
    }
}
