package dev.airlock.starter.trigger;

import dev.airlock.platform.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How requests are taken.
 *
 * @param window how long a {@code dedupekey} is remembered
 * @param quota open runs of a workspace at which further requests wait
 * @param parallel starts at a time
 * @param unnamed what a source may do that no rule is for
 */
public record TriggerConfig(Duration window, int quota, int parallel, Unnamed unnamed, List<SourceRule> rules) {
    private static final String SOURCE = "trigger.source.";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,40}");

    /** What a source may do that no rule is for. */
    public enum Unnamed {
        ANYTHING,
        NOTHING;

        /** What holds where no setting says it: only a developer's own server takes what nobody has named. */
        public static Unnamed byDefault(boolean dev) {
            return dev ? ANYTHING : NOTHING;
        }
    }

    public TriggerConfig {
        rules = List.copyOf(rules);
    }

    /** Reads them; {@code unnamed} where no setting says it. */
    public static TriggerConfig of(Settings settings, Unnamed unnamed) {
        return new TriggerConfig(
                settings.duration("trigger.window", Duration.ofMinutes(10)),
                settings.number("trigger.quota", 1000, 1, 1_000_000),
                settings.number("trigger.parallel", 32, 1, 256),
                settings.choice("trigger.unnamed-sources", unnamed),
                rules(settings));
    }

    private static List<SourceRule> rules(Settings settings) {
        List<SourceRule> rules = new ArrayList<>();
        for (String name : settings.names(SOURCE)) {
            if (!NAME.matcher(name).matches()) {
                settings.problem(SOURCE + name, "is no name of a rule; take lower-case letters and digits");
            }
            String uri = settings.text(SOURCE + name + ".uri", "");
            if (uri.isEmpty()) {
                settings.problem(SOURCE + name + ".uri", "is missing: it says which sources the rule is for");
            }
            rules.add(new SourceRule(
                    name,
                    uri,
                    words(settings.text(SOURCE + name + ".start", "")),
                    words(settings.text(SOURCE + name + ".events", "")),
                    words(settings.text(SOURCE + name + ".authors", ""))));
        }
        return rules;
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("[\\s,]+"));
    }
}
