package dev.airlock.evidence.merkle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
    private static final SigningKey KEY = SigningKey.of("example.org/log", new byte[32]);
    private static final SigningKey OTHER = SigningKey.of("example.org/log", other());

    /** From golang.org/x/mod/sumdb/note. */
    @Test
    void verifiesWhatOthersSigned() {
        VerifyingKey key = VerifyingKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        String note = """
                If you think cryptography is the answer to your problem,
                then you don't know what your problem is.

                — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
                """;

        assertThat(SignedNote.parse(note.getBytes(UTF_8)).isSignedBy(key)).isTrue();
        assertThat(SignedNote.parse(note.replace("your", "my").getBytes(UTF_8)).isSignedBy(key))
                .isFalse();
    }

    @Test
    void signsSoThatEveryChangeShows() {
        SignedNote note = SignedNote.sign("example.org/log\n5\nroot\n", KEY);
        byte[] bytes = note.toString().getBytes(UTF_8);

        assertThat(SignedNote.parse(bytes)).isEqualTo(note);
        assertThat(note.isSignedBy(VerifyingKey.parse(KEY.verifying().toString())))
                .isTrue();
        assertThat(note.isSignedBy(OTHER.verifying())).isFalse();
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertThat(signed(changed)).as("byte %s", i).isFalse();
        }
    }

    private static boolean signed(byte[] bytes) {
        try {
            return SignedNote.parse(bytes).isSignedBy(KEY.verifying());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void takesASecondSignatureBesideTheKnownOne() {
        SignedNote note = SignedNote.sign("text\n", KEY);
        String both = note + SignedNote.sign("text\n", OTHER).toString().substring("text\n\n".length());

        assertThat(SignedNote.parse(both.getBytes(UTF_8)).isSignedBy(KEY.verifying()))
                .isTrue();
        assertThat(SignedNote.parse(both.getBytes(UTF_8)).isSignedBy(OTHER.verifying()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "text",
                "text\n",
                "text\n\n",
                "text\n\nsigned\n",
                "text\n\n\u2014 a\n",
                "\n\n\u2014 a b\n"
            })
    void refusesWhatIsNoNote(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SignedNote.parse(text.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a+00000000+AAAA",
                "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+AhpcMQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
            })
    void refusesWhatIsNoKey(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> VerifyingKey.parse(text));
    }

    private static byte[] other() {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 7);
        return seed;
    }
}
