package dev.airlock.activities.egress;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The first message inside a tunnel: by which host's name TLS begins (RFC 8446, 4.1.2; RFC 6066, 3). Nothing is opened; it is sent in
 * clear.
 */
final class ClientHello {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int MOST = 64 * 1024;
    private static final int MOST_RECORD = 16 * 1024 + 256;

    private final byte[] bytes;
    private final @Nullable String serverName;

    private ClientHello(byte[] bytes, @Nullable String serverName) {
        this.bytes = bytes;
        this.serverName = serverName;
    }

    /** As they came, to be passed on. */
    byte[] bytes() {
        return bytes.clone();
    }

    /** Absent when it names none. */
    @Nullable
    String serverName() {
        return serverName;
    }

    /** @throws BlockedException when what comes is not TLS */
    static ClientHello read(InputStream in) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        do {
            addRecord(new DataInputStream(in), raw, message);
            if (raw.size() > MOST) {
                throw new BlockedException(Blocked.NOT_TLS);
            }
        } while (message.size() < 4 || message.size() < 4 + length(message.toByteArray()));
        try {
            return new ClientHello(raw.toByteArray(), serverName(ByteBuffer.wrap(message.toByteArray())));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new BlockedException(Blocked.NOT_TLS);
        }
    }

    private static void addRecord(DataInputStream in, ByteArrayOutputStream raw, ByteArrayOutputStream message)
            throws IOException {
        byte[] header = new byte[5];
        byte[] body;
        try {
            in.readFully(header, 0, 1);
            if (header[0] != HANDSHAKE) {
                throw new BlockedException(Blocked.NOT_TLS);
            }
            in.readFully(header, 1, 4);
            int length = (header[3] & 0xff) << 8 | (header[4] & 0xff);
            if (header[1] != 3 || length == 0 || length > MOST_RECORD) {
                throw new BlockedException(Blocked.NOT_TLS);
            }
            body = new byte[length];
            in.readFully(body);
        } catch (EOFException e) {
            throw raw.size() == 0 && header[0] == 0 ? e : new BlockedException(Blocked.NOT_TLS);
        }
        raw.writeBytes(header);
        raw.writeBytes(body);
        message.writeBytes(body);
        if (message.toByteArray()[0] != CLIENT_HELLO) {
            throw new BlockedException(Blocked.NOT_TLS);
        }
    }

    private static int length(byte[] message) {
        return (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | (message[3] & 0xff);
    }

    private static @Nullable String serverName(ByteBuffer in) {
        in.position(4 + 2 + 32);
        skip(in, in.get() & 0xff);
        skip(in, in.getShort() & 0xffff);
        skip(in, in.get() & 0xff);
        if (!in.hasRemaining()) {
            return null;
        }
        int end = (in.getShort() & 0xffff) + in.position();
        String found = null;
        while (in.position() < end) {
            int type = in.getShort() & 0xffff;
            int length = in.getShort() & 0xffff;
            int next = in.position() + length;
            if (type == SERVER_NAME) {
                if (found != null) {
                    throw new IllegalArgumentException("two names");
                }
                found = name(in);
            }
            in.position(next);
        }
        return found;
    }

    private static String name(ByteBuffer in) {
        int list = in.getShort() & 0xffff;
        int kind = in.get();
        byte[] bytes = new byte[in.getShort() & 0xffff];
        in.get(bytes);
        if (kind != 0 || list != bytes.length + 3) {
            throw new IllegalArgumentException("not one host name");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    private static void skip(ByteBuffer in, int count) {
        in.position(in.position() + count);
    }
}
