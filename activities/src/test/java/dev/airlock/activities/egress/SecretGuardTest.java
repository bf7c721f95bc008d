package dev.airlock.activities.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the bytes come. */
final class SecretGuardTest {
    private static final String SECRET = "aabaac";

    private static String through(String text, int piece) throws IOException {
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, piece));
            }
        };
        return new String(new SecretGuard(in, SECRET).readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "aabaa", "aabaab", "aabaabaab", "aaaaaaaa", "xaabxaacaabaa", "häh aabaaba"})
    void letsEverythingElseThrough(String text) throws Exception {
        for (int piece = 1; piece < 8; piece++) {
            assertThat(through(text, piece)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aabaac", "aaabaac", "aabaabaac", "xx aabaac yy", "aabaaabaac"})
    void stopsAtTheSecret(String text) {
        for (int piece = 1; piece < 8; piece++) {
            int size = piece;
            assertThatThrownBy(() -> through(text, size)).isInstanceOf(BlockedException.class);
        }
    }
}
