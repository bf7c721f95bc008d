package dev.airlock.activities.egress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * First line and headers of a message of HTTP/1.
 *
 * @param line without its end
 */
record HttpHead(String line, List<Field> fields) {
    /** They speak of one connection and are never passed on (RFC 9110, 7.6.1), nor what {@code Connection} names. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "proxy-authenticate",
            "te",
            "upgrade");

    HttpHead {
        fields = List.copyOf(fields);
    }

    /** @param name as it came */
    record Field(String name, String value) {
        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    List<String> all(String name) {
        return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
    }

    boolean has(String name) {
        return fields.stream().anyMatch(field -> field.is(name));
    }

    /** The fields that concern the other end. */
    List<Field> endToEnd() {
        Set<String> gone = new TreeSet<>(HOP_BY_HOP);
        for (String value : all("connection")) {
            for (String name : value.split(",", -1)) {
                gone.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        // What frames the body or names the host is not theirs to take away.
        gone.removeAll(Set.of("host", "content-length", "transfer-encoding"));
        List<Field> kept = new ArrayList<>(fields);
        kept.removeIf(field -> gone.contains(field.name().toLowerCase(Locale.ROOT)));
        return kept;
    }
}
