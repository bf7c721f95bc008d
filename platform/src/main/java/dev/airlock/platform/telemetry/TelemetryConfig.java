package dev.airlock.platform.telemetry;

import dev.airlock.platform.settings.Settings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where telemetry goes. All of it is off unless a setting says otherwise.
 *
 * @param otlp base address of an OTLP receiver (http/protobuf); absent: nothing is sent
 * @param headers sent along with it, such as an authorization; never shown
 * @param prometheus where metrics can be asked for, port 0 for any free one; absent: nowhere
 * @param service the service's name, absent for {@code airlock-} and the process's
 * @param sampling percent of the runs whose trace is kept, where the request does not say
 * @param interval how often metrics are sent
 */
public record TelemetryConfig(
        @Nullable URI otlp,
        Map<String, String> headers,
        @Nullable InetSocketAddress prometheus,
        @Nullable String service,
        int sampling,
        Duration interval) {
    /** Nothing is kept, sent or served. */
    public static final TelemetryConfig OFF =
            new TelemetryConfig(null, Map.of(), null, null, 100, Duration.ofMinutes(1));

    private static final String OTLP = "telemetry.otlp";
    private static final String HEADERS = "telemetry.otlp-headers";
    private static final String PROMETHEUS = "telemetry.prometheus";
    private static final Pattern ADDRESS = Pattern.compile("(?:(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):)?(\\d{1,5})");
    private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]{1,64})=([ -~&&[^,]]{1,1024})");

    public TelemetryConfig {
        headers = Map.copyOf(headers);
    }

    /** Reads the keys {@code telemetry.…}; what is wrong is reported by {@link Settings#verify()}. */
    public static TelemetryConfig from(Settings settings) {
        return new TelemetryConfig(
                otlp(settings),
                headers(settings),
                prometheus(settings),
                settings.text("telemetry.service").orElse(null),
                settings.number("telemetry.sampling", OFF.sampling, 0, 100),
                settings.duration("telemetry.interval", OFF.interval));
    }

    private static @Nullable URI otlp(Settings settings) {
        Optional<String> text = settings.text(OTLP);
        if (text.isEmpty()) {
            return null;
        }
        Optional<URI> address = address(text.get());
        if (address.isEmpty()) {
            settings.problem(
                    OTLP, "must be the http or https address of an OTLP receiver, such as http://127.0.0.1:4318");
        }
        return address.orElse(null);
    }

    private static Optional<URI> address(String text) {
        try {
            URI address = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean fits = ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null
                    && address.getUserInfo() == null
                    && address.getQuery() == null
                    && address.getFragment() == null;
            return fits ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> headers(Settings settings) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String entry :
                settings.secret(HEADERS).map(text -> text.split(",", -1)).orElse(new String[0])) {
            Matcher form = HEADER.matcher(entry.strip());
            if (!form.matches()) {
                settings.problem(HEADERS, "must be NAME=VALUE, several separated by commas");
                return Map.of();
            }
            headers.put(form.group(1), form.group(2));
        }
        return headers;
    }

    /** A port alone is one of this machine only. */
    private static @Nullable InetSocketAddress prometheus(Settings settings) {
        Optional<String> text = settings.text(PROMETHEUS);
        if (text.isEmpty()) {
            return null;
        }
        Matcher form = ADDRESS.matcher(text.get());
        if (!form.matches() || Integer.parseInt(form.group(2)) > 65_535) {
            settings.problem(PROMETHEUS, "must be HOST:PORT, or a port of this machine alone");
            return null;
        }
        String host = form.group(1) == null ? "127.0.0.1" : form.group(1);
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(form.group(2)));
    }

    /** Whether anything is kept at all. */
    public boolean isOff() {
        return otlp == null && prometheus == null;
    }

    /** The headers hold secrets. */
    @Override
    public String toString() {
        return "TelemetryConfig[otlp=" + otlp + ", prometheus=" + prometheus + ", service=" + service + ", sampling="
                + sampling + ", interval=" + interval + "]";
    }
}
