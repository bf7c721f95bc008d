package dev.airlock.activities.sandbox.init;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;

/**
 * A sandbox's one way out: connections to a listener on its loopback, as init carries them, by number and offset. Every
 * request is safe to repeat and is repeated. A newer client ends all tunnels and keeps the listener. Thread-safe.
 */
public final class TunnelLink {
    /** The most tunnels that there are at a time. */
    public static final int MOST = 64;

    private static final int PROXY = 0x40;
    private static final int TUNNELS = 0x41;
    private static final int SEND = 0x42;
    private static final int CLOSE = 0x43;
    /** Informative: the numbers from here on are tunnels'. */
    private static final int STREAM = 256;

    private static final int WINDOW = 38000;
    private static final int COUNT_REFUSALS = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int TRIES = 4;

    private final Exchange exchange;

    TunnelLink(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * What this client has of a tunnel.
     *
     * @param received bytes; they are asked for no more
     * @param window how many more may be told at once; 0 stops it
     * @param wantsRoom whether to tell when it takes bytes again
     */
    public record Known(int id, long received, int window, boolean knowsEnd, boolean wantsRoom) {}

    /** @param accepted how many of all the bytes sent it has taken */
    public record Sent(long accepted) {}

    /**
     * Makes init listen, unless it does already.
     *
     * @param connections at a time; more of them wait
     * @throws InitError {@code IO} when the port is taken, {@code REFUSED} when it listens at another one
     */
    public void listen(int port, int connections) throws IOException {
        call(PROXY, new Fields().u16(port).u16(connections), Duration.ZERO);
    }

    /**
     * What is new, as soon as there is something or {@code wait} is over. A later call ends the wait of one before it.
     *
     * @param known every tunnel that this client has and did not close
     * @param count whether to count what the sandbox's kernel refused
     * @throws InitError {@code SEQUENCE} when a later call told of more bytes already
     */
    public TunnelNews next(Collection<Known> known, Duration wait, boolean count) throws IOException {
        Fields fields = new Fields()
                .u32(wait.toMillis())
                .u32(WINDOW)
                .u8(count ? COUNT_REFUSALS : 0)
                .u16(known.size());
        for (Known one : known) {
            fields.u32(one.id()).u64(one.received()).u32(one.window());
            fields.u8((one.knowsEnd() ? 1 : 0) | (one.wantsRoom() ? 2 : 0));
        }
        ByteBuffer answer = call(TUNNELS, fields, wait);
        try {
            return TunnelNews.read(answer);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("sandbox-init answered with tunnels that do not parse", e);
        }
    }

    /**
     * Sends bytes; it may take fewer than all, then the rest is to be sent again.
     *
     * @param offset of the first among all that are sent
     * @param last whether nothing follows them
     * @throws InitError {@code GONE} or {@code NOT_FOUND} when nobody reads them any more
     */
    public Sent send(int id, long offset, byte[] bytes, int length, boolean last) throws IOException {
        Fields fields = new Fields().u32(id).u64(offset).u8(last ? 1 : 0).u32(length);
        fields.raw(bytes, length);
        return new Sent(call(SEND, fields, Duration.ZERO).getLong());
    }

    /**
     * Ends a tunnel.
     *
     * @param atOnce resets it; else what it has taken still goes out
     */
    public void close(int id, boolean atOnce) throws IOException {
        call(CLOSE, new Fields().u32(id).u8(atOnce ? 1 : 0), Duration.ZERO);
    }

    private ByteBuffer call(int type, Fields request, Duration wait) throws IOException {
        return exchange.call(type, STREAM, request.bytes(), PATIENCE.plus(wait), TRIES);
    }
}
