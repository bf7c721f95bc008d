package dev.airlock.evidence.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Place of an event, written {@code <chain>/<incarnation>/<sequence>}.
 *
 * @param incarnation Temporal run id
 * @param sequence from 1
 */
record EventId(ChainId chain, String incarnation, long sequence) {
    private static final Pattern FORM = Pattern.compile("(" + ChainId.FORM + ")/([^/\\s]{1,100})/([1-9][0-9]{0,17})");

    static Optional<EventId> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new EventId(new ChainId(matcher.group(1)), matcher.group(2), Long.parseLong(matcher.group(3))));
    }

    @Override
    public String toString() {
        return chain + "/" + incarnation + "/" + sequence;
    }
}
