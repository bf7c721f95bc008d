package dev.airlock.activities.egress;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT tunnel. Its TLS is never opened, but how it begins can be read by anybody: it must be TLS, and for the host that the tunnel was
 * asked for.
 */
final class TunnelRelay implements Relay {
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(15);

    private final Tunnel tunnel;
    private final InputStream from;
    private final Socket upstream;
    private final String host;
    private final Budget budget;
    private final Counted sent;
    private volatile @Nullable Counted received;
    private volatile long moved = System.nanoTime();

    TunnelRelay(Tunnel tunnel, InputStream from, Socket upstream, String host, Budget budget) throws IOException {
        this.tunnel = tunnel;
        this.from = from;
        this.upstream = upstream;
        this.host = host;
        this.budget = budget;
        this.sent = new Counted(upstream.getOutputStream(), budget);
    }

    @Override
    public long sent() {
        return sent.count();
    }

    @Override
    public long received() {
        Counted counted = received;
        return counted == null ? 0 : counted.count();
    }

    @Override
    public void run(Answer answer) throws IOException {
        OutputStream back = answer.begin();
        back.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        ClientHello hello = ClientHello.read(from);
        String named = hello.serverName();
        if (named == null ? !HostPort.isAddress(host) : !named.equals(host)) {
            throw new BlockedException(Blocked.SERVER_NAME);
        }
        sent.write(hello.bytes());
        Counted to = new Counted(back, budget);
        received = to;
        Thread outward = Thread.ofVirtual().start(this::sendAll);
        try {
            pump(upstream.getInputStream(), to);
            tunnel.endOutput();
            outward.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            upstream.close();
        }
    }

    private void sendAll() {
        try {
            pump(from, sent);
            upstream.shutdownOutput();
        } catch (IOException e) {
            closeUpstream();
        }
    }

    private void closeUpstream() {
        try {
            upstream.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void pump(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        while (true) {
            int count;
            try {
                count = in.read(buffer);
            } catch (InterruptedIOException e) {
                // This direction was silent; the other one may not have been.
                if (Thread.currentThread().isInterrupted() || System.nanoTime() - moved > LONGEST_SILENCE.toNanos()) {
                    throw e;
                }
                continue;
            }
            if (count < 0) {
                return;
            }
            out.write(buffer, 0, count);
            moved = System.nanoTime();
        }
    }
}
