package dev.airlock.activities.sandbox.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose channel is in the hands of a command that reads every request and answers as it likes. */
@Timeout(60)
class ForgedFramesTest {
    private static final int STATE = 6;
    private static final int ERROR = 0xff;
    private static final int NOT_AUTHENTIC = 15;
    private static final Duration BRIEF = Duration.ofMillis(300);
    private static final FrameKey KEY = new FrameKey("k".repeat(32).getBytes(StandardCharsets.UTF_8));
    private static final FrameKey OTHER = new FrameKey("o".repeat(32).getBytes(StandardCharsets.UTF_8));

    private final Channel channel = new Channel();
    private FrameReader requests;
    private Exchange exchange;

    private static final class Channel implements Duplex {
        private final PipedOutputStream toClient = new PipedOutputStream();
        private final PipedInputStream fromInit = new PipedInputStream(1 << 20);
        private final PipedOutputStream toInit = new PipedOutputStream();
        private final PipedInputStream fromClient = new PipedInputStream(1 << 20);

        void open() throws IOException {
            toClient.connect(fromInit);
            toInit.connect(fromClient);
        }

        @Override
        public InputStream input() {
            return fromInit;
        }

        @Override
        public OutputStream output() {
            return toInit;
        }

        @Override
        public void close() throws IOException {
            toClient.close();
            toInit.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        channel.open();
        requests = new FrameReader(channel.fromClient, KEY);
        exchange = Exchange.over(channel, KEY, "test");
    }

    @AfterEach
    void close() throws IOException {
        exchange.close();
    }

    private Frame request() throws IOException {
        return Objects.requireNonNull(requests.next());
    }

    private static long id(Frame request) {
        return request.payload().duplicate().order(request.payload().order()).getLong();
    }

    private void answer(Frame request, int type, boolean authentic, FrameKey key, byte[] fields) throws IOException {
        byte[] payload = new Fields().u64(id(request)).raw(fields).bytes();
        channel.toClient.write(
                new Frame(type, authentic, request.epoch(), request.stream(), ByteBuffer.wrap(payload)).encode(key));
        channel.toClient.flush();
    }

    private static byte[] error(int code) {
        return new Fields().u16(code).u16(0).u32(0).str16("").str16("forged").bytes();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void believesTheProvenAnswerAmongForgedOnes() throws IOException {
        Exchange.Sent sent = exchange.send(STATE, 0, new byte[0]);
        Frame request = request();
        assertThat(request.authentic()).isTrue();

        answer(request, STATE | 0x80, false, KEY, text("no MAC"));
        answer(request, STATE | 0x80, true, OTHER, text("another key's"));
        answer(request, ERROR, false, KEY, error(11));
        answer(request, ERROR, false, KEY, error(NOT_AUTHENTIC));
        channel.toClient.write(new Frame(STATE, true, 0, 0, request.payload().duplicate()).encode(KEY));
        answer(request, STATE | 0x80, true, KEY, text("true"));

        assertThat(StandardCharsets.UTF_8
                        .decode(exchange.once(sent, Duration.ofSeconds(10)))
                        .toString())
                .isEqualTo("true");
    }

    @Test
    void forgedAnswersAloneAreSilence() throws IOException {
        Exchange.Sent sent = exchange.send(STATE, 0, new byte[0]);
        Frame request = request();
        answer(request, STATE | 0x80, false, KEY, text("no MAC"));
        answer(request, STATE | 0x80, true, OTHER, text("another key's"));
        answer(request, ERROR, false, KEY, error(NOT_AUTHENTIC));

        assertThatThrownBy(() -> exchange.once(sent, BRIEF)).isInstanceOf(NoAnswer.class);
    }

    @Test
    void aSealedHelloThatIsRefusedMeansAnotherKey() throws Exception {
        FutureTask<ByteBuffer> hello = new FutureTask<>(() -> exchange.look(1, new byte[0], BRIEF, 4));
        Thread.ofVirtual().start(hello);
        answer(request(), ERROR, false, KEY, error(NOT_AUTHENTIC));

        assertThatThrownBy(hello::get)
                .cause()
                .isInstanceOfSatisfying(
                        InitError.class, e -> assertThat(e.code()).isEqualTo(InitError.Code.NOT_AUTHENTIC));
    }
}
