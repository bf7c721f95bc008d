package dev.airlock.cli.session;

import dev.airlock.evidence.merkle.VerifyingKey;
import dev.airlock.workflows.id.Digest;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How values are written on the command line. */
public final class Converters {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

    private Converters() {}

    /** Teaches them to a command and all its subcommands. */
    public static void register(CommandLine commands) {
        commands.registerConverter(Duration.class, Converters::duration);
        commands.registerConverter(Digest.class, Converters::digest);
        commands.registerConverter(VerifyingKey.class, Converters::key);
    }

    static Duration duration(String text) {
        Matcher form = DURATION.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is no length of time; write 300ms, 60s, 10m, 2h or 3d");
        }
        long count = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static Digest digest(String text) {
        try {
            return new Digest(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is no digest; write sha256: and 64 hexadecimal digits");
        }
    }

    private static VerifyingKey key(String text) {
        try {
            return VerifyingKey.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is no public key; write NAME+ID+BASE64");
        }
    }
}
