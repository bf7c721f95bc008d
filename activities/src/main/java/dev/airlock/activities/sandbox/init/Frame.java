package dev.airlock.activities.sandbox.init;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One frame on the wire: a header of 24 bytes, little endian, and its payload.
 *
 * @param payload from position to limit; not to be written to
 */
record Frame(int type, int epoch, int stream, ByteBuffer payload) {
    static final int HEADER = 24;
    static final int MAX_PAYLOAD = 65536;
    /** {@code ALK1}, read as a little endian number. */
    static final int MAGIC = 0x314b4c41;

    private static final int CRC_AT = 20;

    byte[] encode() {
        byte[] bytes = new byte[HEADER + payload.remaining()];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).put((byte) type).put((byte) 0).putShort((short) 0);
        out.putInt(epoch).putInt(stream).putInt(payload.remaining());
        out.position(HEADER);
        out.put(payload.duplicate());
        out.putInt(CRC_AT, crc(bytes, 0, bytes.length - HEADER));
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
