package dev.airlock.activities.egress;

import dev.airlock.evidence.egress.EgressDocument.Entry;
import dev.airlock.evidence.egress.EgressDocument.Verdict;
import dev.airlock.workflows.pipeline.Network;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what comes out of one sandbox's tunnels: one request each, written down before it is acted on. Nothing of what the sandbox sent
 * is passed on as it came but bodies and what is inside a tunnel. Thread-safe.
 */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final EgressRules rules;
    private final Secrets secrets;
    private final Dialer dialer;
    private final EgressLog log;
    private final Budget budget;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Gate(EgressRules rules, EgressSettings settings, Dialer dialer, EgressLog log, Budget budget) {
        this.rules = rules;
        this.secrets = settings.secrets();
        this.dialer = dialer;
        this.log = log;
        this.budget = budget;
    }

    /** It was allowed and came to nothing. */
    private static final class FailedException extends IOException {
        private final String reason;

        FailedException(String reason, String message) {
            super(message);
            this.reason = reason;
        }
    }

    /** Who asks for what, as far as it is known: for the log. */
    private static final class Asked {
        private String host = "";
        private int port;
        private String method = "";

        void is(String verb, HostPort to) {
            method = verb;
            host = to.host();
            port = to.port();
        }

        /** Of a line that may be anything; what follows a question mark may be a secret of its own. */
        void seems(String line) {
            String[] words = line.split(" ", 3);
            method = words[0].matches("[A-Z]{1,20}") ? words[0] : "";
            host = words.length < 2 ? "" : words[1].split("\\?", 2)[0];
        }
    }

    /** Serves one tunnel to its end, and closes it. */
    void serve(Tunnel tunnel) {
        Asked asked = new Asked();
        try {
            serve(tunnel, asked);
            tunnel.close();
        } catch (EOFException e) {
            LOG.trace("a connection out of a sandbox that ended early", e);
            abort(tunnel);
        } catch (IOException e) {
            LOG.debug("a connection out of a sandbox broke", e);
            abort(tunnel);
        }
    }

    private static void abort(Tunnel tunnel) {
        try {
            tunnel.abort();
        } catch (IOException e) {
            LOG.trace("nobody is there to be told", e);
        }
    }

    private void serve(Tunnel tunnel, Asked asked) throws IOException {
        Answer answer = new Answer(tunnel.output());
        try {
            pass(tunnel, new HttpReader(new BufferedInputStream(tunnel.input(), 16 * 1024)), answer, asked);
        } catch (BlockedException e) {
            log.note(
                    Verdict.BLOCKED,
                    asked.host,
                    asked.port,
                    asked.method,
                    e.why().name(),
                    tunnel.peer());
            answer.refuse(e);
        } catch (FailedException e) {
            log.note(Verdict.FAILED, asked.host, asked.port, asked.method, e.reason, tunnel.peer());
            answer.fail(e.reason, String.valueOf(e.getMessage()));
        }
    }

    private void pass(Tunnel tunnel, HttpReader reader, Answer answer, Asked asked) throws IOException {
        HttpHead head = reader.head();
        asked.seems(head.line());
        budget.connection();
        Request request = Request.of(head);
        asked.is(request.method(), request.to());
        request.requireHost();
        if (request.upgrades()) {
            throw new BlockedException(Blocked.UPGRADE);
        }
        EgressRules.Way way = request.isTunnel() ? rules.decide(request.to()) : rules.decide(request);
        asked.is(request.method(), way.to());
        List<InetAddress> addresses = addresses(way);
        String secret = secret(way);
        Entry kind = log.note(Verdict.ALLOWED, way.to().host(), way.to().port(), request.method(), null, tunnel.peer());
        try (Socket upstream = connected(addresses, way, secret != null)) {
            Relay relay = request.isTunnel()
                    ? new TunnelRelay(tunnel, reader.rest(), upstream, way.to().host(), budget)
                    : new RequestRelay(request, way, secret, reader, upstream, budget);
            try {
                relay.run(answer);
            } finally {
                log.carried(kind, relay.sent(), relay.received());
                sockets.remove(upstream);
            }
        }
    }

    private List<InetAddress> addresses(EgressRules.Way way) throws IOException {
        try {
            return dialer.resolve(way.to());
        } catch (UnknownHostException e) {
            throw new FailedException("UNRESOLVED", "the name " + way.to().host() + " is not known");
        }
    }

    private @Nullable String secret(EgressRules.Way way) throws FailedException {
        Network.Secret wanted = way.secret();
        if (wanted == null) {
            return null;
        }
        try {
            return secrets.read(wanted.name());
        } catch (IOException e) {
            LOG.warn("{}", e.getMessage());
            throw new FailedException("SECRET_ABSENT", "the worker cannot read the secret " + wanted.name());
        }
    }

    private Socket connected(List<InetAddress> addresses, EgressRules.Way way, boolean secure) throws IOException {
        try {
            Socket plain = dialer.connect(addresses, way.to());
            sockets.add(plain);
            if (closed) {
                plain.close();
            }
            return secure ? secured(plain, way.to()) : plain;
        } catch (IOException e) {
            throw new FailedException("UNREACHABLE", way.to() + " does not answer: " + e.getMessage());
        }
    }

    private Socket secured(Socket plain, HostPort to) throws IOException {
        try {
            Socket secure = dialer.secure(plain, to);
            sockets.add(secure);
            return secure;
        } finally {
            sockets.remove(plain);
        }
    }

    /** Ends every connection to the outside. */
    void close() {
        closed = true;
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.trace("a connection that was closed already", e);
            }
        }
    }
}
