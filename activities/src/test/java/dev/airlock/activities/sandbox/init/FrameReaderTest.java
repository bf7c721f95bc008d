package dev.airlock.activities.sandbox.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static byte[] frame(int type, String payload) {
        return new Frame(type, 7, 3, ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8))).encode();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static List<String> read(InputStream in) throws IOException {
        FrameReader reader = new FrameReader(in);
        List<String> found = new ArrayList<>();
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            found.add(frame.type() + ":" + StandardCharsets.UTF_8.decode(frame.payload()));
        }
        return found;
    }

    @Test
    void writesTheBytesOfTheProtocol() {
        assertThat(HexFormat.of().formatHex(frame(1, "")))
                .isEqualTo("414c4b31" + "01000000" + "07000000" + "03000000" + "00000000" + "539502fd");
    }

    @Test
    void readsFramesHoweverTheBytesAreCut() throws IOException {
        byte[] bytes = join(frame(1, "one"), frame(2, ""), frame(3, "x".repeat(65536)), frame(4, "four"));
        Random random = new Random(1);
        InputStream pieces = new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int at, int length) throws IOException {
                return super.read(into, at, Math.min(length, 1 + random.nextInt(40)));
            }
        };
        assertThat(read(pieces)).containsExactly("1:one", "2:", "3:" + "x".repeat(65536), "4:four");
    }

    @Test
    void findsGoodFramesBetweenBadOnes() throws IOException {
        byte[] badCrc = frame(9, "bad");
        badCrc[25] ^= 1;
        byte[] badLength = frame(9, "bad");
        badLength[18] = 9;
        byte[] bytes = join(
                "ALK1".getBytes(StandardCharsets.UTF_8),
                frame(1, "one"),
                badCrc,
                "ALALK".getBytes(StandardCharsets.UTF_8),
                frame(2, "two"),
                badLength,
                new byte[100],
                frame(3, "three"));
        assertThat(read(new ByteArrayInputStream(bytes))).containsExactly("1:one", "2:two", "3:three");
    }

    @Test
    void aFlippedBitAnywhereLosesThatFrameAlone() throws IOException {
        byte[] first = frame(1, "some payload");
        for (int bit = 0; bit < first.length * 8; bit++) {
            byte[] broken = first.clone();
            broken[bit / 8] ^= (byte) (1 << bit % 8);
            // A flipped length may promise more than comes: the rest shows what was swallowed.
            byte[] bytes = join(broken, frame(2, "two"), new byte[Frame.HEADER + Frame.MAX_PAYLOAD]);
            assertThat(read(new ByteArrayInputStream(bytes))).as("bit %d", bit).containsExactly("2:two");
        }
    }

    @Test
    void aTornFrameDoesNotSwallowLaterOnesOnceItIsGivenUp() throws IOException {
        try (PipedOutputStream out = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(out, 1 << 18)) {
            FrameReader reader = new FrameReader(in);
            byte[] torn = frame(9, "x".repeat(60000));
            out.write(torn, 0, 100);
            reader.dropPartial();
            out.write(frame(1, "one"));
            out.flush();
            Frame frame = reader.next();
            assertThat(frame).isNotNull();
            assertThat(frame == null ? 0 : frame.type()).isEqualTo(1);
            assertThat(reader.skipped()).isEqualTo(100);
        }
    }
}
