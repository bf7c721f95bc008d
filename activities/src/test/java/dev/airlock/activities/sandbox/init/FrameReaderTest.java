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
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final FrameKey KEY = new FrameKey(new byte[32]);
    private static final FrameKey OTHER = new FrameKey("x".repeat(32).getBytes(StandardCharsets.UTF_8));

    private static byte[] frame(int type, String payload) {
        return frame(type, false, payload).encode(KEY);
    }

    private static Frame frame(int type, boolean authentic, String payload) {
        return new Frame(type, authentic, 7, 3, ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static List<String> read(InputStream in) throws IOException {
        FrameReader reader = new FrameReader(in, KEY);
        List<String> found = new ArrayList<>();
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            found.add((frame.authentic() ? "authentic " : "") + frame.type() + ":"
                    + StandardCharsets.UTF_8.decode(frame.payload()));
        }
        return found;
    }

    @Test
    void writesTheBytesOfTheProtocol() {
        assertThat(HexFormat.of().formatHex(frame(1, "")))
                .isEqualTo("414c4b31" + "01000000" + "07000000" + "03000000" + "00000000" + "539502fd");
    }

    /** HMAC-SHA-256 of header and payload computed elsewhere, cut to 16 bytes. */
    @Test
    void writesTheMacOfTheProtocol() {
        assertThat(HexFormat.of().formatHex(frame(6, true, "12345678").encode(KEY)))
                .isEqualTo("414c4b31" + "06010000" + "07000000" + "03000000" + "18000000" + "1851fd59"
                        + "3132333435363738" + "e6c2efcf56056e7c1fb7d06087adbcac");
    }

    @Test
    void tellsWhichFramesAreAuthentic() throws IOException {
        byte[] brokenMac = frame(4, true, "four4444").encode(KEY);
        brokenMac[brokenMac.length - 1] ^= 1;
        byte[] moved = frame(5, true, "five5555").encode(KEY);
        moved[12] ^= 1;
        byte[] unflagged = frame(6, true, "six66666").encode(KEY);
        unflagged[5] = 0;
        byte[] bytes = join(
                frame(1, true, "one11111").encode(KEY),
                frame(2, false, "two22222").encode(KEY),
                frame(3, true, "three333").encode(OTHER),
                withCrc(brokenMac),
                withCrc(moved),
                withCrc(unflagged),
                frame(7, true, "short").encode(KEY),
                frame(8, true, "").encode(KEY));
        List<String> found = read(new ByteArrayInputStream(bytes));
        assertThat(found).hasSize(8).startsWith("authentic 1:one11111", "2:two22222");
        assertThat(found.subList(1, 8)).noneMatch(one -> one.startsWith("authentic"));
    }

    private static byte[] withCrc(byte[] frame) {
        ByteBuffer.wrap(frame)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Frame.CRC_AT, Frame.crc(frame, 0, frame.length - Frame.HEADER));
        return frame;
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
            FrameReader reader = new FrameReader(in, KEY);
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
