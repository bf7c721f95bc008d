package dev.airlock.activities.egress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Secrets that may be added to requests, by name: {@code NAME=file:/path} or {@code NAME=env:VARIABLE}, separated by commas. A value is
 * read when it is needed, held by nobody and never shown.
 */
final class Secrets {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int LONGEST = 8192;

    private final Map<String, String> places;
    private final UnaryOperator<String> environment;

    private Secrets(Map<String, String> places, UnaryOperator<String> environment) {
        this.places = places;
        this.environment = environment;
    }

    /** @throws IllegalArgumentException in words for whoever wrote it, which do not repeat what might be a secret */
    static Secrets of(String list, UnaryOperator<String> environment) {
        Map<String, String> places = new TreeMap<>();
        for (String entry : EgressSettings.entries(list)) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? "" : entry.substring(0, equals);
            String place = entry.substring(equals + 1);
            if (!NAME.matcher(name).matches()
                    || !(place.startsWith("file:/") || place.matches("env:[A-Za-z_][A-Za-z0-9_]*"))) {
                throw new IllegalArgumentException(
                        "entry " + (places.size() + 1) + " is not NAME=file:/path or NAME=env:VARIABLE");
            }
            places.put(name, place);
        }
        return new Secrets(places, environment);
    }

    Set<String> names() {
        return places.keySet();
    }

    /** @throws IOException when it cannot be had; says where it was looked for, never what was there */
    String read(String name) throws IOException {
        String place = places.get(name);
        if (place == null) {
            throw new IOException("no secret of that name is given to this worker: " + name);
        }
        String value = place.startsWith("file:")
                ? Files.readString(Path.of(place.substring("file:".length())), StandardCharsets.UTF_8)
                : environment.apply(place.substring("env:".length()));
        String secret = value == null ? "" : value.strip();
        if (secret.isEmpty() || secret.length() > LONGEST || !secret.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new IOException("the secret " + name + " (" + place + ") is empty, too long or no printable ASCII");
        }
        return secret;
    }

    @Override
    public String toString() {
        return "Secrets" + places.keySet();
    }
}
