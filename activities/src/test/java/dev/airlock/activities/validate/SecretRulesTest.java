package dev.airlock.activities.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SecretRulesTest {
    private final SecretRules rules = SecretRules.load();

    @Test
    void everyRuleCompilesAndSaysWhatItIsAbout() {
        assertThat(rules.rules()).hasSize(222).allSatisfy(each -> {
            assertThat(each.id()).matches("[a-z0-9-]+");
            assertThat(each.description()).isNotBlank();
            assertThat(each.regex() != null || each.path() != null).isTrue();
        });
        assertThat(rules.rules().stream().map(SecretRule::regex).filter(Objects::nonNull))
                .hasSize(221);
        assertThat(rules.general().paths()).hasSizeGreaterThan(20);
    }

    @Test
    void everyRegexHasKeywordsThatTheIndexCanTake() {
        assertThat(rules.rules().stream().filter(each -> each.regex() != null))
                .allSatisfy(rule -> assertThat(rule.keywords())
                        .isNotEmpty()
                        .allSatisfy(each -> assertThat(each).matches("[ -~&&[^A-Z]]{2,}")));
    }

    @Test
    void everySecretGroupExists() {
        assertThat(rules.rules().stream().filter(each -> each.secretGroup() > 0))
                .isNotEmpty()
                .allSatisfy(each -> {
                    Pattern regex = Objects.requireNonNull(each.regex());
                    assertThat(regex.groupCount()).isGreaterThanOrEqualTo(each.secretGroup());
                });
    }
}
