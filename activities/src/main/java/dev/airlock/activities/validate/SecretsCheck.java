package dev.airlock.activities.validate;

import dev.airlock.activities.validate.BlockSearch.Leak;
import dev.airlock.activities.validate.Change.Entry;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.pipeline.StepUse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Secrets in changed files, by gitleaks' rules. What blocks is a secret that the base's file of the same path does not hold;
 * one that it holds, or one in a file where gitleaks would not look, is a warning, and so is a generic rule's word about
 * binary content. {@code gitleaks:allow} comments are not honoured: whoever writes the change could write them too.
 *
 * <p>A finding shows at most four characters of the secret, its length and the beginning of its digest.
 */
final class SecretsCheck implements Check {
    /** Most bytes of changed files that are looked at; what comes after them blocks. */
    static final long MOST = 256L << 20;

    private final SecretScanner scanner;

    SecretsCheck(SecretScanner scanner) {
        this.scanner = scanner;
    }

    @Override
    public void look(List<Change> changes, StepUse.Validate wanted, Findings findings, Runnable pulse)
            throws IOException {
        long total = 0;
        for (Change change : changes) {
            pulse.run();
            Entry after = change.after();
            if (after == null || after.kind() == Change.Kind.SUBMODULE) {
                continue;
            }
            total += change.size();
            if (total > MOST) {
                findings.block(
                        "secrets/not-scanned",
                        change.path(),
                        null,
                        String.format(
                                Locale.ROOT,
                                "not looked at: the changed files have more than %,d bytes together",
                                MOST));
                continue;
            }
            new FileLook(change, after, findings).run();
        }
    }

    /** One changed file. */
    private final class FileLook {
        private final String path;
        private final @Nullable Entry before;
        private final Entry after;
        private final Findings findings;
        private final boolean usuallyClean;

        /** How often the base's file holds a secret; read when the first one is found. */
        private @Nullable Map<String, Integer> known;

        FileLook(Change change, Entry after, Findings findings) {
            this.path = change.path();
            this.before = change.before();
            this.after = after;
            this.findings = findings;
            this.usuallyClean = scanner.usuallyClean(path);
        }

        void run() throws IOException {
            if (before == null) {
                scanner.forbiddenNames(path)
                        .forEach(rule -> findings.block("secrets/" + rule.id(), path, null, rule.description()));
            }
            SecretScanner.Outcome outcome;
            try (InputStream content = after.content().open()) {
                outcome = scanner.scan(path, content, this::report);
            }
            if (!outcome.whole()) {
                findings.block(
                        "secrets/not-scanned",
                        path,
                        null,
                        "not looked at to its end: it holds too many of the words that go with secrets; split it or leave it out");
            }
            if (outcome.binary() && !usuallyClean) {
                findings.warn(
                        "secrets/binary",
                        path,
                        null,
                        "is binary: a secret in it may be compressed or encoded and unseen");
            }
        }

        private void report(Leak leak, boolean binary) throws IOException {
            SecretRule rule = leak.rule();
            if (usuallyClean && rule.generic()) {
                return;
            }
            String id = "secrets/" + rule.id();
            String message = excerpt(leak.secret()) + ": " + rule.description();
            if (knownBefore(leak)) {
                findings.warn(id, path, leak.line(), message + " It was there before this change.");
            } else if (usuallyClean || (binary && rule.generic())) {
                findings.warn(id, path, leak.line(), message);
            } else {
                findings.block(id, path, leak.line(), message);
            }
        }

        /** Each occurrence in the base excuses one in the candidate. */
        private boolean knownBefore(Leak leak) throws IOException {
            if (known == null) {
                known = inBase();
            }
            return known.merge(identity(leak), -1, Integer::sum) >= 0;
        }

        private Map<String, Integer> inBase() throws IOException {
            Map<String, Integer> counts = new HashMap<>();
            if (before == null || !before.kind().hasBytes()) {
                return counts;
            }
            try (InputStream content = before.content().open()) {
                scanner.scan(path, content, (leak, binary) -> counts.merge(identity(leak), 1, Integer::sum));
            }
            return counts;
        }
    }

    private static String identity(Leak leak) {
        return leak.rule().id() + " " + digest(leak.secret());
    }

    private static String excerpt(String secret) {
        String shown = Ascii.visible(secret.substring(0, Math.min(4, secret.length() / 4)));
        return shown + "… (" + secret.length() + " characters, sha256 "
                + digest(secret).substring(0, 8) + ")";
    }

    private static String digest(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.ISO_8859_1);
        return CanonicalJson.sha256(bytes).value().substring("sha256:".length());
    }
}
