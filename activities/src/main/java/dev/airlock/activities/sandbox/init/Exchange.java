package dev.airlock.activities.sandbox.init;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests and their replies over one channel, told apart by request id. A thread of its own reads for as long as the
 * channel is open, so that this client never stalls the others on the same sandbox. Thread-safe.
 *
 * <p>What comes without proof of the key is noise, but for replies to requests that are made before anybody could forge one.
 */
final class Exchange implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int IN_FLIGHT = 16;
    private static final int ERROR = 0xff;
    private static final int REPLY = 0x80;

    private final Duplex duplex;
    private final FrameKey key;
    private final FrameReader reader;
    private final Map<Long, Sent> open = new ConcurrentHashMap<>();
    private final Semaphore slots = new Semaphore(IN_FLIGHT);
    private final AtomicLong ids = new AtomicLong((long) new SecureRandom().nextInt() << 32);
    private volatile int epoch;
    private volatile @Nullable IOException end;

    private Exchange(Duplex duplex, FrameKey key) throws IOException {
        this.duplex = duplex;
        this.key = key;
        this.reader = new FrameReader(duplex.input(), key);
    }

    static Exchange over(Duplex duplex, FrameKey key, String name) throws IOException {
        Exchange exchange = new Exchange(duplex, key);
        Thread thread = new Thread(exchange::readAll, "sandbox-init " + name);
        thread.setDaemon(true);
        thread.start();
        return exchange;
    }

    void epoch(int number) {
        epoch = number;
    }

    int epoch() {
        return epoch;
    }

    /** Which replies are believed. */
    private enum Belief {
        /** Any: a look. */
        ANY,
        /** A good one by its MAC, a refusal without: whoever has not got the key cannot prove anything. */
        ANY_REFUSAL,
        /** By its MAC alone; when none comes, a refusal without one says that the key is another. */
        PROOF,
        /** By its MAC alone. */
        AUTHENTIC
    }

    /** A request that is sent but not waited for yet. */
    record Sent(long id, Frame frame, Belief belief, CompletableFuture<Frame> reply, AtomicBoolean unproven) {
        int type() {
            return frame.type();
        }

        private boolean believes(Frame answer) {
            return switch (belief) {
                case ANY -> true;
                case ANY_REFUSAL -> answer.authentic() || answer.type() == ERROR;
                case PROOF, AUTHENTIC -> answer.authentic();
            };
        }
    }

    Sent send(int type, int stream, byte[] payload) throws IOException {
        return send(type, stream, payload, epoch, Belief.AUTHENTIC);
    }

    private Sent send(int type, int stream, byte[] payload, int asEpoch, Belief belief) throws IOException {
        long id = ids.incrementAndGet();
        ByteBuffer body = ByteBuffer.wrap(new Fields().u64(id).raw(payload).bytes());
        boolean sealed = belief == Belief.PROOF || belief == Belief.AUTHENTIC;
        Frame frame = new Frame(type, sealed, asEpoch, stream, body);
        Sent sent = new Sent(id, frame, belief, new CompletableFuture<>(), new AtomicBoolean());
        acquire();
        open.put(id, sent);
        IOException over = end;
        if (over != null) {
            forget(id);
            throw new NoAnswer(over.getMessage() == null ? "the channel has ended" : over.getMessage(), over);
        }
        write(sent);
        return sent;
    }

    /** Waits for the reply, repeats the request when it does not come, and gives up after so many tries. */
    ByteBuffer call(int type, int stream, byte[] payload, Duration patience, int tries) throws IOException {
        return answer(send(type, stream, payload), patience, tries);
    }

    /** The same with epoch 0: a look that fences nobody and is never fenced. */
    ByteBuffer look(int type, byte[] payload, Duration patience, int tries) throws IOException {
        return answer(send(type, 0, payload, 0, Belief.PROOF), patience, tries);
    }

    /** A look whose answer anybody may have made up. */
    ByteBuffer glance(int type, byte[] payload, Duration patience, int tries) throws IOException {
        return answer(send(type, 0, payload, 0, Belief.ANY), patience, tries);
    }

    /** The request that tells the key. */
    ByteBuffer tellKey(int type, byte[] payload, Duration patience, int tries) throws IOException {
        return answer(send(type, 0, payload, epoch, Belief.ANY_REFUSAL), patience, tries);
    }

    private ByteBuffer answer(Sent sent, Duration patience, int tries) throws IOException {
        for (int left = tries; ; left--) {
            try {
                return await(sent, patience);
            } catch (TimeoutException e) {
                if (sent.belief() == Belief.PROOF && sent.unproven().get()) {
                    forget(sent.id());
                    throw new InitError(
                            InitError.Code.NOT_AUTHENTIC, 0, "NOT_AUTHENTIC: the lease is not held with this key");
                }
                if (left <= 1) {
                    forget(sent.id());
                    throw new NoAnswer(
                            "no answer to a request of type " + sent.type() + " after " + tries + " times "
                                    + patience.toMillis() + " ms",
                            e);
                }
                reader.dropPartial();
                write(sent);
            }
        }
    }

    /** For requests whose order matters, which cannot be repeated alone. */
    ByteBuffer once(Sent sent, Duration patience) throws IOException {
        return answer(sent, patience, 1);
    }

    private ByteBuffer await(Sent sent, Duration patience) throws IOException, TimeoutException {
        try {
            return checked(sent.reply().get(patience.toMillis(), TimeUnit.MILLISECONDS), sent.type());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            forget(sent.id());
            throw new InterruptedIOException("interrupted while waiting for a sandbox");
        } catch (ExecutionException e) {
            throw new NoAnswer("the channel to sandbox-init has ended", e);
        }
    }

    private static ByteBuffer checked(Frame frame, int type) throws IOException {
        ByteBuffer body = frame.payload();
        if (frame.type() == ERROR) {
            InitError.Code code = InitError.Code.of(Fields.u16(body));
            int errno = Fields.u16(body);
            body.getInt();
            String path = Fields.str16(body);
            String message = Fields.str16(body);
            throw new InitError(code, errno, code + (path.isEmpty() ? "" : " at " + path) + ": " + message);
        }
        if (frame.type() != (type | REPLY)) {
            throw new NoAnswer("a reply of type " + frame.type() + " to a request of type " + type);
        }
        return body;
    }

    private void write(Sent sent) throws IOException {
        try {
            synchronized (duplex) {
                duplex.output().write(sent.frame().encode(key));
                duplex.output().flush();
            }
        } catch (IOException e) {
            forget(sent.id());
            throw new NoAnswer("the channel does not take requests: " + e.getMessage(), e);
        }
    }

    private void acquire() throws IOException {
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a sandbox");
        }
    }

    private void forget(long id) {
        if (open.remove(id) != null) {
            slots.release();
        }
    }

    private void readAll() {
        IOException reason = new NoAnswer("the channel to sandbox-init has ended");
        try {
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                deliver(frame);
            }
        } catch (IOException | RuntimeException e) {
            reason = new NoAnswer("the channel to sandbox-init broke: " + e.getMessage(), e);
        }
        end = reason;
        for (Sent sent : open.values()) {
            sent.reply().completeExceptionally(reason);
            forget(sent.id());
        }
    }

    /**
     * Replies to other clients and second replies to a repeated request find nothing open here. A request that comes back to
     * us has a good MAC, ours, and is no reply.
     */
    private void deliver(Frame frame) {
        if (frame.payload().remaining() < Long.BYTES || (frame.type() & REPLY) == 0) {
            return;
        }
        long id = frame.payload().getLong();
        Sent sent = open.get(id);
        if (sent == null) {
            return;
        }
        if (sent.believes(frame)) {
            sent.reply().complete(frame);
            forget(id);
        } else if (isHint(frame)) {
            LOG.debug("a refusal of a request of type {} that proves nothing", sent.type());
            sent.unproven().set(true);
        }
    }

    private static boolean isHint(Frame frame) {
        return frame.type() == ERROR
                && frame.payload().remaining() >= Short.BYTES
                && InitError.Code.of(Fields.u16(frame.payload())) == InitError.Code.NOT_AUTHENTIC;
    }

    @Override
    public void close() throws IOException {
        duplex.close();
    }
}
