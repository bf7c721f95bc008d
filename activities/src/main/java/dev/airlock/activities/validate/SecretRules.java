package dev.airlock.activities.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.google.re2j.Pattern;
import dev.airlock.activities.validate.SecretRule.Allowlist;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * gitleaks' default rules, unchanged, on RE2/J: matching takes time linear in the text, so no text makes it explode.
 *
 * @param general what gitleaks exempts under every rule
 */
record SecretRules(List<SecretRule> rules, Allowlist general) {
    SecretRules {
        rules = List.copyOf(rules);
    }

    /** The rule set of the class path. */
    static SecretRules load() {
        try (InputStream toml = SecretRules.class.getResourceAsStream("gitleaks/gitleaks.toml")) {
            if (toml == null) {
                throw new IllegalStateException("gitleaks.toml is missing on the class path; build the jar again");
            }
            JsonNode root = new TomlMapper().readTree(toml);
            List<SecretRule> rules = new ArrayList<>();
            root.path("rules").forEach(each -> rules.add(rule(each)));
            return new SecretRules(rules, allowlist(root.path("allowlist")));
        } catch (IOException e) {
            throw new UncheckedIOException("gitleaks.toml cannot be read", e);
        }
    }

    private static SecretRule rule(JsonNode node) {
        List<Allowlist> allowlists = new ArrayList<>();
        node.path("allowlists").forEach(each -> allowlists.add(allowlist(each)));
        return new SecretRule(
                node.path("id").asText(),
                node.path("description").asText(),
                pattern(node.path("regex")),
                pattern(node.path("path")),
                node.path("entropy").asDouble(0),
                node.path("secretGroup").asInt(0),
                texts(node.path("keywords")).stream().map(Ascii::lower).toList(),
                allowlists);
    }

    private static Allowlist allowlist(JsonNode node) {
        return new Allowlist(
                node.path("condition").asText().equals("AND"),
                patterns(node.path("paths")),
                switch (node.path("regexTarget").asText()) {
                    case "match" -> Allowlist.Target.MATCH;
                    case "line" -> Allowlist.Target.LINE;
                    default -> Allowlist.Target.SECRET;
                },
                patterns(node.path("regexes")),
                texts(node.path("stopwords")).stream().map(Ascii::lower).toList());
    }

    private static @Nullable Pattern pattern(JsonNode node) {
        return node.isTextual() ? Pattern.compile(node.asText()) : null;
    }

    private static List<Pattern> patterns(JsonNode node) {
        return texts(node).stream().map(Pattern::compile).toList();
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        node.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
