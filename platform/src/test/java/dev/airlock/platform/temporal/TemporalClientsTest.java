package dev.airlock.platform.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TemporalClientsTest {
    @Test
    void saysThatNobodyListens() throws Exception {
        String target;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            target = "127.0.0.1:" + socket.getLocalPort();
        }

        assertUnavailable(target, Duration.ofSeconds(10));
    }

    @Test
    void doesNotWaitForAServerThatAcceptsAndSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertUnavailable("127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(300));
        }
    }

    private static void assertUnavailable(String target, Duration limit) {
        long start = System.nanoTime();

        assertThatThrownBy(() -> TemporalClients.connect(target, limit))
                .isInstanceOfSatisfying(PlatformException.class, e -> {
                    assertThat(e.code()).isEqualTo(PlatformException.Code.UNAVAILABLE);
                    assertThat(e.subject()).contains(target);
                })
                .hasMessageStartingWith("Temporal at " + target + " does not answer");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }
}
