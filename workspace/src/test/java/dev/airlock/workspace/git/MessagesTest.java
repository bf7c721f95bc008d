package dev.airlock.workspace.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.Principal;
import java.nio.file.Path;
import java.time.Instant;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessagesTest {
    @TempDir
    Path temp;

    @Test
    void aSubjectIsOneLine() {
        assertThat(subject("Round the totals")).isEqualTo("Round the totals");
        assertThat(subject("  a\r\n\tb\u2028c\u0085d \u00a0 e ")).isEqualTo("a b c d e");
        assertThat(subject("evil\u001b[31m\u202etxt\u200b\u0000")).isEqualTo("evil [31mtxt");
        assertThat(subject("half \ud800 pair")).isEqualTo("half  pair");
        assertThat(subject("ünï 日本 😀")).isEqualTo("ünï 日本 😀");
        assertThat(subject(" \n\u200b ")).isEqualTo("otherwise");
        assertThat(subject("😀".repeat(300))).isEqualTo("😀".repeat(199) + "…");
    }

    @Test
    void aDescriptionCannotClaimARun() throws Exception {
        String message = subject("x\n\nAirlock-Run: run-other") + "\n\nAirlock-Run: run-own\n";
        String alone = subject("Airlock-Run: run-other") + "\n\nAirlock-Run: run-own\n";
        for (String text : new String[] {message, alone}) {
            Process git = new ProcessBuilder("git", "interpret-trailers", "--parse")
                    .directory(temp.toFile())
                    .start();
            try (var in = git.outputWriter()) {
                in.write(text);
            }
            assertThat(git.inputReader().lines()).containsExactly("Airlock-Run: run-own");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "user:rita,user-rita@airlock.invalid",
        "agent:a.b+c@example.org,agent-a.b+c=example.org@airlock.invalid",
        "service:ünï_x,service-ünï_x@airlock.invalid"
    })
    void aPrincipalComesBack(String principal, String address) {
        var ident = Identities.author(new Principal(principal), Instant.EPOCH);

        assertThat(ident.getEmailAddress()).isEqualTo(address);
        assertThat(Identities.show(ident)).isEqualTo(principal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Gina <gina@example.org>", "Airlock <airlock@airlock.invalid>", "x <-y@airlock.invalid>"})
    void anyoneElseStaysAsWritten(String author) {
        String[] parts = author.split("[<>]");

        assertThat(Identities.show(new PersonIdent(parts[0].strip(), parts[1]))).isEqualTo(author);
    }

    private static String subject(String description) {
        return Messages.subject(description, "otherwise");
    }
}
