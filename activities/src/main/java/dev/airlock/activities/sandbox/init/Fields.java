package dev.airlock.activities.sandbox.init;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes and reads the fields of a payload. */
final class Fields {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    Fields u8(int value) {
        out.write(value);
        return this;
    }

    Fields u16(int value) {
        return number(value, 2);
    }

    Fields u32(long value) {
        return number(value, 4);
    }

    Fields u64(long value) {
        return number(value, 8);
    }

    Fields raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Fields raw(byte[] bytes, int length) {
        out.write(bytes, 0, length);
        return this;
    }

    Fields str8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return u8(bounded(bytes.length, 0xff, text)).raw(bytes);
    }

    Fields str16(String text) {
        return str16(text.getBytes(StandardCharsets.UTF_8));
    }

    Fields str16(byte[] bytes) {
        return u16(bounded(bytes.length, 0xffff, "a text")).raw(bytes);
    }

    int size() {
        return out.size();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    void clear() {
        out.reset();
    }

    static int u8(ByteBuffer from) {
        return from.get() & 0xff;
    }

    static int u16(ByteBuffer from) {
        return from.getShort() & 0xffff;
    }

    static long u32(ByteBuffer from) {
        return from.getInt() & 0xffffffffL;
    }

    static byte[] raw(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    static byte[] bytes16(ByteBuffer from) {
        return raw(from, u16(from));
    }

    static String str8(ByteBuffer from) {
        return new String(raw(from, u8(from)), StandardCharsets.UTF_8);
    }

    static String str16(ByteBuffer from) {
        return new String(bytes16(from), StandardCharsets.UTF_8);
    }

    private Fields number(long value, int size) {
        for (int i = 0; i < size; i++) {
            out.write((int) (value >>> (8 * i)));
        }
        return this;
    }

    private static int bounded(int length, int most, String what) {
        if (length > most) {
            throw new IllegalArgumentException("longer than " + most + " bytes: " + what);
        }
        return length;
    }
}
