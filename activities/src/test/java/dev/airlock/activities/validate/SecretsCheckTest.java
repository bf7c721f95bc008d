package dev.airlock.activities.validate;

import static dev.airlock.activities.validate.Changes.added;
import static dev.airlock.activities.validate.Changes.deleted;
import static dev.airlock.activities.validate.Changes.modified;
import static dev.airlock.activities.validate.Changes.secrets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.validate.FakeSecrets.Fake;
import dev.airlock.workflows.validate.Finding;
import dev.airlock.workflows.validate.Finding.Severity;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsCheckTest {
    private static final Fake TOKEN = FakeSecrets.of("github-pat");

    static List<Fake> fakes() {
        return FakeSecrets.all();
    }

    @ParameterizedTest
    @MethodSource("fakes")
    void findsAndRedacts(Fake fake) {
        Validators.Found found = secrets(added("src/settings.py", "import os\n\n" + fake.text() + "print(1)\n"));

        assertThat(found.list())
                .anySatisfy(each -> {
                    assertThat(each.rule()).isEqualTo("secrets/" + fake.rule());
                    assertThat(each.severity()).isEqualTo(Severity.BLOCK);
                    assertThat(each.line()).isEqualTo(3);
                })
                .allSatisfy(each -> assertThat(each.message()).doesNotContain(fake.secret()));
        assertThat(found.list()).allSatisfy(each -> {
            for (int at = 0; at + 12 <= fake.secret().length(); at++) {
                assertThat(each.message()).doesNotContain(fake.secret().substring(at, at + 12));
            }
        });
    }

    @Test
    void tellsPlaceLengthAndDigest() {
        assertThat(secrets(added("a/ü.txt", "\r\n" + TOKEN.text())).list())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.path()).isEqualTo("a/ü.txt");
                    assertThat(each.line()).isEqualTo(2);
                    assertThat(each.message())
                            .matches("ghp_… \\(40 characters, sha256 [0-9a-f]{8}\\): Uncovered a GitHub.*");
                });
    }

    @Test
    void noticesOneSecretOnceByTheRuleThatKnowsMost() {
        assertThat(secrets(added("a", "api_key = \"" + TOKEN.secret() + "\"\n")).list())
                .extracting(Finding::rule)
                .containsExactly("secrets/github-pat");
    }

    @Test
    void aCommentOfTheCandidateAllowsNothing() {
        String line = "t = \"" + TOKEN.secret() + "\"  # gitleaks:" + "allow\n";
        assertThat(secrets(added("a.py", line)).blocking()).isOne();
    }

    @Test
    void whatTheBaseHoldsIsAWarningButOnlyAsOftenAsItHoldsIt() {
        assertThat(secrets(modified("a", TOKEN.text(), "new first line\n" + TOKEN.text()))
                        .list())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.severity()).isEqualTo(Severity.WARN);
                    assertThat(each.message()).endsWith("It was there before this change.");
                });
        String another = FakeSecrets.of("github-oauth").text();
        Validators.Found found = secrets(modified("a", TOKEN.text(), TOKEN.text() + TOKEN.text() + another));
        assertThat(found.blocking()).isEqualTo(2);
        assertThat(found.warnings()).isOne();
    }

    @Test
    void deletedContentAndNoContentAndNoChangeAreClean() {
        assertThat(secrets().list()).isEmpty();
        assertThat(secrets(deleted("a", TOKEN.text()), added("b", ""), modified("c", TOKEN.text(), "\n"))
                        .list())
                .isEmpty();
    }

    @Test
    void aLinkTargetIsContentToo() {
        assertThat(secrets(Changes.link("a", TOKEN.secret())).blocking()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32"})
    void findsItInEveryEncodingOfAscii(String charset) {
        byte[] content = ("grüße\n" + TOKEN.text()).getBytes(Charset.forName(charset));
        assertThat(secrets(added("a.txt", content)).list())
                .anySatisfy(each -> assertThat(each.rule()).isEqualTo("secrets/github-pat"));
    }

    @Test
    void aZeroByteHidesNothingAndBinaryContentIsNamed() {
        byte[] content = ("\0\1\2" + TOKEN.secret().replace("_", "_\0")).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(secrets(added("tool.so", content)).list())
                .extracting(Finding::rule)
                .containsExactly("secrets/github-pat", "secrets/binary");
    }

    @Test
    void aKeyStoreIsOneByItsName() {
        assertThat(secrets(added("certs/site.p12", new byte[] {1})).list())
                .extracting(Finding::rule)
                .containsExactly("secrets/pkcs12-file");
        assertThat(secrets(modified("certs/site.p12", "1", "2")).list()).isEmpty();
    }

    @Test
    void filesThatAreUsuallyCleanAreLookedAtButOnlyWarned() {
        assertThat(secrets(added("node_modules/x/index.js", TOKEN.text())).list())
                .singleElement()
                .satisfies(each -> assertThat(each.severity()).isEqualTo(Severity.WARN));
        assertThat(secrets(added("go.sum", FakeSecrets.of("generic-api-key").text()))
                        .list())
                .isEmpty();
    }

    @Test
    void theRuleSetsOwnExceptionsHold() {
        String example = "AKIA" + "IOSFODNN7EXAMPLE";
        assertThat(secrets(added("a", "key = " + example + "\n")).list()).isEmpty();
        assertThat(secrets(added("a", "password = \"${DATABASE_PASSWORD}\"\napi_key = \"your-api-key-goes-here\"\n"))
                        .list())
                .isEmpty();
    }

    @Test
    void pathsOfRulesHold() {
        String yaml = "kind: Secret\ndata:\n  password: " + "cGFzc3dvcmQtdG8tbm93aGVyZQ==\n";
        assertThat(secrets(added("k8s/secret.yaml", yaml)).list())
                .extracting(Finding::rule)
                .contains("secrets/kubernetes-secret-yaml");
        assertThat(secrets(added("k8s/secret.txt", yaml)).list())
                .extracting(Finding::rule)
                .doesNotContain("secrets/kubernetes-secret-yaml");
    }
}
