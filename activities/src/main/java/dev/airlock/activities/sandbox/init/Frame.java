package dev.airlock.activities.sandbox.init;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One frame on the wire: a header of 24 bytes, little endian, and its payload.
 *
 * @param authentic one that is sent gets a MAC; one that was read had a good one
 * @param payload from position to limit, without the MAC; not to be written to
 */
record Frame(int type, boolean authentic, int epoch, int stream, ByteBuffer payload) {
    static final int HEADER = 24;
    static final int MAX_PAYLOAD = 65536;
    /** {@code ALK1}, read as a little endian number. */
    static final int MAGIC = 0x314b4c41;

    static final int AUTHENTIC = 1;
    static final int CRC_AT = 20;

    /** Header, then MAC, then CRC: each covers what is before it. */
    byte[] encode(FrameKey key) {
        int length = payload.remaining() + (authentic ? FrameKey.MAC : 0);
        byte[] bytes = new byte[HEADER + length];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).put((byte) type).put((byte) (authentic ? AUTHENTIC : 0));
        out.putShort((short) 0).putInt(epoch).putInt(stream).putInt(length);
        out.position(HEADER);
        out.put(payload.duplicate());
        if (authentic) {
            key.seal(bytes, 0, length);
        }
        out.putInt(CRC_AT, crc(bytes, 0, length));
        return bytes;
    }

    /** Over the header up to the CRC itself, then the payload. */
    static int crc(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, CRC_AT);
        crc.update(bytes, at + HEADER, length);
        return (int) crc.getValue();
    }
}
