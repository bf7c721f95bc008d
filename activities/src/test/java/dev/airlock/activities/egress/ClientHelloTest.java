package dev.airlock.activities.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** By the JDK's own beginnings of TLS, and by noise. */
final class ClientHelloTest {
    private static byte[] hello(List<String> names) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(names.stream()
                .map(SNIHostName::new)
                .map(name -> (SNIServerName) name)
                .toList());
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static ClientHello read(byte[] bytes) throws Exception {
        return ClientHello.read(new ByteArrayInputStream(bytes));
    }

    @Test
    void tellsWhoseNameItIs() throws Exception {
        byte[] bytes = hello(List.of("api.example.com"));

        ClientHello hello = read(bytes);

        assertThat(hello.serverName()).isEqualTo("api.example.com");
        assertThat(hello.bytes()).isEqualTo(bytes);
        assertThat(read(hello(List.of())).serverName()).isNull();
    }

    /** A name that is spread over records hides from who looks at the first one. */
    @Test
    void putsFragmentsTogether() throws Exception {
        byte[] whole = hello(List.of("api.example.com"));
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        for (int at = 5; at < whole.length; at += 50) {
            int size = Math.min(50, whole.length - at);
            pieces.writeBytes(new byte[] {22, 3, 1, 0, (byte) size});
            pieces.write(whole, at, size);
        }

        assertThat(read(pieces.toByteArray()).serverName()).isEqualTo("api.example.com");
    }

    @Test
    void refusesWhatIsNoTls() throws Exception {
        for (String text : List.of(
                "GET / HTTP/1.1\r\n\r\n",
                "SSH-2.0-x\r\n",
                "\u0016\u0003\u0001",
                "\u0016\u0002\u0000\u0000\u0001\u0001")) {
            assertThatThrownBy(() -> read(text.getBytes(StandardCharsets.ISO_8859_1)))
                    .isInstanceOf(BlockedException.class);
        }
        assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(EOFException.class);
    }

    @Test
    void noNoiseBreaksIt() throws Exception {
        Random random = new Random(7);
        byte[] good = hello(List.of("api.example.com"));
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = good.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                ClientHello hello = read(bytes);
                assertThat(hello.bytes().length).isLessThanOrEqualTo(bytes.length);
            } catch (BlockedException | EOFException e) {
                assertThat(e).isNotNull();
            }
        }
    }
}
