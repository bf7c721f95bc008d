package dev.airlock.starter.trigger;

import java.util.List;
import java.util.Optional;

/**
 * What the requests of some sources may do.
 *
 * @param name what the settings call it
 * @param uri the CloudEvents source, or the beginning of it with {@code *} at the end
 * @param start {@code WORKSPACE}, {@code WORKSPACE/PIPELINE} or {@code *}: what they may start
 * @param events {@code WORKSPACE} or {@code *}: whose runs they may send events to
 * @param authors whom they may name as author; empty means anybody
 */
public record SourceRule(String name, String uri, List<String> start, List<String> events, List<String> authors) {
    private static final String ANY = "*";

    public SourceRule {
        start = List.copyOf(start);
        events = List.copyOf(events);
        authors = List.copyOf(authors);
    }

    boolean isFor(String source) {
        return uri.endsWith(ANY) ? source.startsWith(uri.substring(0, uri.length() - 1)) : source.equals(uri);
    }

    /** Why not, if not. */
    Optional<String> refuses(ChangeRequested asked) {
        String pipeline = asked.workspace() + "/" + (asked.pipeline() == null ? "default" : asked.pipeline());
        boolean starts = start.stream()
                .anyMatch(each -> each.equals(ANY) || each.equals(asked.workspace()) || each.equals(pipeline));
        if (!starts) {
            return Optional.of("may not start " + pipeline);
        }
        if (!authors.isEmpty() && !authors.contains(asked.author().value())) {
            return Optional.of("may not name " + asked.author() + " as author");
        }
        return Optional.empty();
    }

    boolean mayTell(String workspace) {
        return events.stream().anyMatch(each -> each.equals(ANY) || each.equals(workspace));
    }
}
