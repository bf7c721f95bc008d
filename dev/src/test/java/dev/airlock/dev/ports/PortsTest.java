package dev.airlock.dev.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.state.StateDirectory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path temporary;

    @Test
    void givesTheSamePortAtEveryStart() throws Exception {
        StateDirectory state = new StateDirectory(temporary);
        int first = new Ports(state).of("kafka");

        assertThat(new Ports(state).of("kafka")).isEqualTo(first).isBetween(20_000, 29_999);
        assertThat(new Ports(state).of("temporal")).isNotEqualTo(first);
    }

    @Test
    void givesWayToWhoeverTookThePort() throws Exception {
        StateDirectory state = new StateDirectory(temporary);
        int first = new Ports(state).of("kafka");

        try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            int second = new Ports(state).of("kafka");
            assertThat(second).isNotEqualTo(first);
            assertThat(new Ports(state).of("kafka")).isEqualTo(second);
        }
    }

    @Test
    void survivesABrokenFile() throws Exception {
        StateDirectory state = new StateDirectory(temporary);
        for (String content : new String[] {"kafka=abc", "kafka=99999999", "kafka=-1", "kafka=80", "\\u00zz=1"}) {
            Files.writeString(temporary.resolve("ports.properties"), content);

            assertThat(new Ports(state).of("kafka")).as(content).isBetween(20_000, 29_999);
        }
    }
}
