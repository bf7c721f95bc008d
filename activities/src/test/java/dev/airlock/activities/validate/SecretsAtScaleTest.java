package dev.airlock.activities.validate;

import static dev.airlock.activities.validate.Changes.added;
import static dev.airlock.activities.validate.Changes.secrets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.validate.FakeSecrets.Fake;
import dev.airlock.workflows.validate.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Large, dense and hostile content. */
class SecretsAtScaleTest {
    private static final Fake TOKEN = FakeSecrets.of("github-pat");

    @Test
    void findsASecretWhereverItLiesInALineOfAMegabyte() {
        int length = 1 << 20;
        for (int at : new int[] {0, length / 2, length - 100, length - 41}) {
            StringBuilder line = new StringBuilder("x ".repeat(length / 2));
            line.replace(at, at + 41, TOKEN.secret() + " ");
            assertThat(secrets(added("a", line.toString())).list())
                    .extracting(Finding::rule)
                    .containsExactly("secrets/github-pat");
        }
    }

    @Test
    void findsEachSecretOnceAtAnyPlaceNearTheBorderOfABlock() {
        int border = (1 << 20) - TextBlocks.OVERLAP;
        for (int at : new int[] {border - 41, border - 40, border - 39, border - 20, border - 1, border, border + 1}) {
            String text = " ".repeat(at) + TOKEN.secret() + "\n" + "\n".repeat(1 << 20);
            assertThat(secrets(added("a", text)).list()).as("at %d", at).hasSize(1);
        }
    }

    @Test
    void countsLinesAcrossBlocks() {
        String text = "line\n".repeat(700_000) + TOKEN.text();
        assertThat(secrets(added("a", text)).list())
                .singleElement()
                .satisfies(each -> assertThat(each.line()).isEqualTo(700_001));
    }

    @Test
    void findsAPrivateKeyOfAnyRealSize() {
        String body = "MIIEpAIBAAKCAQEA0123456789zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKL\n".repeat(200);
        String key = "-----BEGIN RSA PRIVATE " + "KEY-----\n" + body + "-----END RSA PRIVATE " + "KEY-----\n";
        assertThat(secrets(added("a", "\n" + key)).list())
                .extracting(Finding::rule)
                .contains("secrets/private-key");
    }

    @Test
    void looksAsFarAsASecretReaches() {
        String token = "ey" + "Jhbb2x9Kq".repeat(3) + ".ey" + "JzdWIi7Q".repeat(3) + "." + "q7Rt5Zw8".repeat(500);
        assertThat(secrets(added("a", "Bearer " + token + "\n")).list())
                .singleElement()
                .satisfies(each -> assertThat(each.message()).contains("(" + token.length() + " characters,"));
        assertThat(secrets(added("a", "Bearer " + token + ")\n")).list())
                .as("what goes on like this is no token")
                .isEmpty();
    }

    @Test
    void textMadeToExplodeBacktrackingTakesLinearTime() {
        List<String> hostile = List.of(
                "a".repeat(1 << 18),
                "key".repeat(87_000),
                "key = ".repeat(43_000),
                "-----BEGIN PRIVATE KEY-----".repeat(9_700),
                "curl -u ".repeat(32_000),
                "eyJ.".repeat(65_000),
                "kind: secret data: ".repeat(13_800));
        for (String text : hostile) {
            long millis = millisFor("a.yaml", text);
            System.out.printf("256 KiB of \"%.20s…\": %d ms%n", text, millis);
            assertThat(millis).as("%.20s", text).isLessThan(10_000);
        }
    }

    @Test
    void aTextOfAllKeywordsIsRefusedInsteadOfHoldingTheWorkerUp() {
        List<String> keywords = SecretRules.load().rules().stream()
                .flatMap(each -> each.keywords().stream())
                .toList();
        String words = String.join(" ", keywords) + "\n";
        String text = words.repeat((1 << 20) / words.length());
        long millis = millisFor("a.txt", text);
        System.out.printf("1 MiB of keywords: %d ms%n", millis);
        assertThat(millis).isLessThan(10_000);
        assertThat(secrets(added("a.txt", text)).list())
                .anySatisfy(each -> assertThat(each.rule()).isEqualTo("secrets/not-scanned"));
    }

    @Test
    void listsNoMoreThanAThousandAndSaysHowManyMore() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            lines.add("gh" + "p_aB3xQ7wZ9kLm2NcV5tYh8JdF4gS" + "%09d".formatted(i));
        }
        Validators.Found found = secrets(added("a", String.join("\n", lines)));
        assertThat(found.blocking()).isEqualTo(1500);
        assertThat(found.list()).hasSize(1001);
        assertThat(found.list().getLast().message())
                .isEqualTo("500 more findings are not listed, 500 of them blocking; mend those above first");
        assertThat(found.list().get(0).line()).isEqualTo(1);
        assertThat(found.list().get(999).line()).isEqualTo(1000);
    }

    @Test
    void aMegabyteOfCodeTakesASecondOrTwo() {
        String code =
                "public String authenticate(Request request, KeyStore keys) { return api.token(request.key()); }\n";
        String text = code.repeat((1 << 20) / code.length());
        millisFor("Warm.java", text);
        long millis = millisFor("A.java", text);
        System.out.printf("1 MiB of code: %d ms%n", millis);
        assertThat(secrets(added("A.java", text)).list()).isEmpty();
        assertThat(millis).isLessThan(10_000);
    }

    @Test
    void contentOfAnySizeIsReadInBlocks() throws IOException {
        byte[] megabyte = " \n".repeat(1 << 19).getBytes(StandardCharsets.UTF_8);
        List<InputStream> parts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            parts.add(new ByteArrayInputStream(megabyte));
        }
        parts.add(new ByteArrayInputStream(TOKEN.text().getBytes(StandardCharsets.UTF_8)));
        List<Integer> places = new ArrayList<>();
        new SecretScanner(SecretRules.load())
                .scan(
                        "a",
                        new SequenceInputStream(Collections.enumeration(parts)),
                        (leak, binary) -> places.add(leak.line()));
        assertThat(places).containsExactly(40 * (1 << 19) + 1);
    }

    /** Of this thread's processor time, so that a busy machine changes little. */
    private static long millisFor(String path, String text) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        secrets(added(path, text));
        return (threads.getCurrentThreadCpuTime() - start) / 1_000_000;
    }
}
