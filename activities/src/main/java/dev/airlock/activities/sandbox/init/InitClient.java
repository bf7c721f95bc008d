package dev.airlock.activities.sandbox.init;

import java.io.Closeable;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Talks to one {@code sandbox-init}. Every request is safe to repeat and is repeated when no answer comes; what still does
 * not answer is a {@link NoAnswer}, what is refused an {@link InitError}. Thread-safe. Closing leaves init as it is.
 *
 * <p>A command may reach the channel too. So the first lease, which is taken before any runs, tells init a key, and from then
 * on neither side believes what does not prove that it knows it.
 */
public final class InitClient implements Closeable {
    static final int PUT = 4;

    private static final int HELLO = 1;
    private static final int LEASE = 2;
    private static final int EXTEND = 3;
    private static final int RUN = 5;
    private static final int STATE = 6;
    private static final int READ = 7;
    private static final int KILL = 8;
    private static final int COLLECT = 9;
    private static final int NEXT = 10;
    private static final int RELEASE = 11;

    private static final int PROTOCOL = 1;
    private static final int CONTROL = 0;
    private static final int OUTPUT = 1;
    private static final int FILES_OUT = 3;
    private static final int WINDOW = 65000;
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int TRIES = 4;

    private final Exchange exchange;
    private final FrameKey key;

    private InitClient(Exchange exchange, FrameKey key) {
        this.exchange = exchange;
        this.key = key;
    }

    /**
     * @param key of the lease that is taken by this client or was taken before
     * @param name of the sandbox, for the thread's name
     */
    public static InitClient over(Duplex duplex, FrameKey key, String name) throws IOException {
        return new InitClient(Exchange.over(duplex, key, name), key);
    }

    /** A look that changes nothing. Once a command was run, anybody may have made the answer up. */
    public Hello hello() throws IOException {
        return checked(exchange.glance(HELLO, new byte[0], PATIENCE, TRIES));
    }

    private static Hello checked(ByteBuffer answer) throws IOException {
        Hello hello = parse(answer, Hello::read);
        if (hello.protocol() != PROTOCOL) {
            throw new IOException("sandbox-init speaks protocol " + hello.protocol() + ", not " + PROTOCOL
                    + "; build sandbox-init and the worker from the same sources");
        }
        return hello;
    }

    /**
     * Takes the lease and tells the key. Only for an init that was started just now: what runs in a sandbox might read it.
     *
     * @return how much is left until the deadline
     */
    public Duration begin(Lease lease) throws IOException {
        Hello hello = hello();
        exchange.epoch(hello.epoch() + 1);
        Fields request = lease.fields(hello).u8(FrameKey.LENGTH).raw(key.told());
        return left(exchange.tellKey(LEASE, request.bytes(), PATIENCE, TRIES));
    }

    /**
     * Goes on with a lease that was taken before; from here on every older client is fenced.
     *
     * @return how much is left until the deadline
     * @throws InitError {@code NOT_AUTHENTIC} when it was taken with another key or not at all, {@code REFUSED} when with
     *     another token or digest
     */
    public Duration takeOver(Lease lease) throws IOException {
        Hello hello = checked(exchange.look(HELLO, new byte[0], PATIENCE, TRIES));
        exchange.epoch(hello.epoch() + 1);
        return left(call(LEASE, CONTROL, lease.fields(hello).bytes()));
    }

    private static Duration left(ByteBuffer answer) throws IOException {
        return parse(answer, in -> {
            in.get();
            return Duration.ofMillis(in.getLong());
        });
    }

    /**
     * The one lease of an init's life.
     *
     * @param digest lower-case hex of 32 bytes
     * @param remaining until the deadline; one that was taken before keeps its own
     */
    public record Lease(String token, String digest, Duration remaining, long outputCap) {
        private Fields fields(Hello hello) {
            return new Fields()
                    .str8(token)
                    .raw(HexFormat.of().parseHex(digest))
                    .str8(hello.boot())
                    .u64(remaining.toMillis())
                    .u64(outputCap);
        }
    }

    /** Sets the deadline to so much from now. */
    public void extend(String token, Duration remaining) throws IOException {
        call(EXTEND, CONTROL, new Fields().str8(token).u64(remaining.toMillis()).bytes());
    }

    /** Files go in by this; close it to have them all there. */
    public FileSender put(Root root) {
        return new FileSender(exchange, root);
    }

    /** The way out, for who is to answer for it. */
    public TunnelLink tunnels() {
        return new TunnelLink(exchange);
    }

    /** Starts the command, unless its token was seen before: then tells how that one stands. */
    public CommandStatus run(Command command) throws IOException {
        Fields fields = new Fields()
                .str8(command.token())
                .u64(command.timeout().toMillis())
                .str16(command.directory())
                .u16(command.argv().size());
        command.argv().forEach(fields::str16);
        fields.u16(command.environment().size());
        for (Map.Entry<String, String> entry : command.environment().entrySet()) {
            fields.str16(entry.getKey() + "=" + entry.getValue());
        }
        return parse(call(RUN, CONTROL, fields.bytes()), CommandStatus::read);
    }

    public CommandStatus state(String token) throws IOException {
        return parse(call(STATE, CONTROL, new Fields().str8(token).bytes()), CommandStatus::read);
    }

    /** Kills the command and all it left; it ends soon after, see {@link #read}. */
    public CommandStatus kill(String token) throws IOException {
        return parse(call(KILL, CONTROL, new Fields().str8(token).bytes()), CommandStatus::read);
    }

    /** Output from the offset on, as soon as there is some, the command has ended, or {@code wait} is over. */
    public Window read(String token, long offset, Duration wait) throws IOException {
        byte[] request = new Fields()
                .str8(token)
                .u64(offset)
                .u32(WINDOW)
                .u32(wait.toMillis())
                .bytes();
        return parse(exchange.call(READ, OUTPUT, request, PATIENCE.plus(wait), TRIES), Window::read);
    }

    /** Walks the workspace; only when nothing runs in it. */
    public void collect(CollectCaps caps, List<String> patterns, FileVisitor visitor) throws IOException {
        int collection = exchange.epoch();
        Fields fields = new Fields().u32(collection).u64(caps.bytes()).u32(caps.entries());
        fields.u32(caps.visited()).u16(caps.depth()).u16(caps.name()).u16(caps.path());
        fields.u16(patterns.size());
        patterns.forEach(fields::str16);
        call(COLLECT, FILES_OUT, fields.bytes());
        new FileReceiver(sequence -> next(collection, sequence), visitor).run();
    }

    private ByteBuffer next(int collection, int sequence) throws IOException {
        byte[] request = new Fields().u32(collection).u32(sequence).u32(WINDOW).bytes();
        ByteBuffer in = call(NEXT, FILES_OUT, request);
        in.getInt();
        in.getInt();
        return in;
    }

    /** Kills everything in the sandbox and ends init. */
    public void release(String leaseToken) throws IOException {
        call(RELEASE, CONTROL, new Fields().str8(leaseToken).bytes());
    }

    @Override
    public void close() throws IOException {
        exchange.close();
    }

    private ByteBuffer call(int type, int stream, byte[] payload) throws IOException {
        return exchange.call(type, stream, payload, PATIENCE, TRIES);
    }

    private static <T> T parse(ByteBuffer in, Layout<T> layout) throws IOException {
        try {
            return layout.read(in);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("sandbox-init answered with a payload that does not parse", e);
        }
    }

    private interface Layout<T> {
        T read(ByteBuffer in);
    }
}
