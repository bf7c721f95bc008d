package dev.airlock.workspace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a schema cannot say of {@code network}: which hosts are none, and what would let more out than it seems to. */
final class NetworkCheck {
    private static final Pattern NAME =
            Pattern.compile("([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
    /** They say where a request goes and where it ends. */
    private static final List<String> FRAMING =
            List.of("host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect");

    private final YamlDocument yaml;
    private final Predicate<Location> sound;
    private final List<PipelineError> mistakes;

    NetworkCheck(YamlDocument yaml, Predicate<Location> sound, List<PipelineError> mistakes) {
        this.yaml = yaml;
        this.sound = sound;
        this.mistakes = mistakes;
    }

    void check(JsonNode network, Location at) {
        JsonNode all = network.path("allow");
        for (int i = 0; i < all.size(); i++) {
            Location one = at.child("allow").child(i);
            host(all.get(i), one.child("host"));
            header(all.get(i).path("secret"), one.child("secret").child("header"));
        }
    }

    /** An address in an unusual form, such as 0177.0.0.1 or 2130706433, is one that somebody wants to hide. */
    private void host(JsonNode allow, Location at) {
        if (!allow.path("host").isTextual() || !sound.test(at)) {
            return;
        }
        String host = allow.path("host").textValue();
        boolean number = NUMBER.matcher(host).matches();
        if (number ? !IPV4.matcher(host).matches() : !NAME.matcher(host).matches()) {
            mistakes.add(yaml.at(
                    at,
                    "'" + Words.shown(host) + "' is neither a host's name nor an IPv4 address in its usual form",
                    null));
        }
    }

    private void header(JsonNode secret, Location at) {
        String header = secret.path("header").asText();
        if (FRAMING.stream().anyMatch(header::equalsIgnoreCase)) {
            mistakes.add(yaml.at(
                    at,
                    "a secret in the header '" + Words.shown(header) + "' would change where a request goes or ends",
                    null));
        }
    }
}
