package dev.airlock.activities.egress;

import dev.airlock.workflows.pipeline.Network;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request in plain words, written anew for the upstream, and its answer. There is no second request on a connection, so nothing that
 * follows the first can be smuggled along with it.
 */
final class RequestRelay implements Relay {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( [^\\r\\n]*)?");
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);
    private static final int SWITCHING = 101;
    private static final int MOST_INTERIM = 10;

    private final Request request;
    private final EgressRules.Way way;
    private final @Nullable String secret;
    private final HttpReader reader;
    private final Socket upstream;
    private final Budget budget;
    private volatile @Nullable Counted sent;
    private volatile @Nullable Counted received;

    RequestRelay(
            Request request,
            EgressRules.Way way,
            @Nullable String secret,
            HttpReader reader,
            Socket upstream,
            Budget budget) {
        this.request = request;
        this.way = way;
        this.secret = secret;
        this.reader = reader;
        this.upstream = upstream;
        this.budget = budget;
    }

    @Override
    public long sent() {
        Counted counted = sent;
        return counted == null ? 0 : counted.count();
    }

    @Override
    public long received() {
        Counted counted = received;
        return counted == null ? 0 : counted.count();
    }

    /** The body goes out while the answer comes in: some upstreams say no before they have read it all. */
    @Override
    public void run(Answer answer) throws IOException {
        long length = HttpReader.length(request.head());
        AtomicReference<@Nullable BlockedException> blocked = new AtomicReference<>();
        if (request.head().all("expect").stream().anyMatch("100-continue"::equalsIgnoreCase)) {
            answer.goOn();
        }
        Thread body = Thread.ofVirtual().unstarted(() -> sendBody(length, blocked));
        sendHead(length);
        body.start();
        try {
            receive(answer);
        } catch (IOException e) {
            BlockedException why = blocked.get();
            throw why == null ? e : why;
        }
    }

    private void sendBody(long length, AtomicReference<@Nullable BlockedException> blocked) {
        try {
            OutputStream to = new BufferedOutputStream(out(), 16 * 1024);
            reader.copyBody(length, to);
            to.flush();
        } catch (BlockedException e) {
            blocked.set(e);
            cut();
        } catch (IOException e) {
            // Half a request is none; if it was the upstream that broke off, its answer says why.
            if (!(e instanceof SocketException)) {
                cut();
            }
        }
    }

    private void cut() {
        try {
            upstream.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    private OutputStream out() throws IOException {
        Counted counted = sent;
        if (counted == null) {
            counted = new Counted(upstream.getOutputStream(), budget);
            sent = counted;
        }
        return counted;
    }

    private void sendHead(long length) throws IOException {
        StringBuilder head = new StringBuilder();
        int standard = secret == null ? 80 : 443;
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\nHost: ");
        head.append(way.to().port() == standard ? way.to().host() : way.to().toString())
                .append("\r\n");
        Network.Secret added = way.secret();
        for (HttpHead.Field field : request.head().endToEnd()) {
            boolean ours = field.is("host")
                    || field.is("content-length")
                    || field.is("transfer-encoding")
                    || field.is("expect")
                    || field.is("trailer")
                    || (added != null && (field.is(added.header()) || field.is("accept-encoding")));
            if (!ours) {
                head.append(field.name()).append(": ").append(field.value()).append("\r\n");
            }
        }
        if (added != null && secret != null) {
            head.append(added.header())
                    .append(": ")
                    .append(added.format().replace("{}", secret))
                    .append("\r\n");
            // Or the guard could not see the secret in the answer.
            head.append("Accept-Encoding: identity\r\n");
        }
        if (length < 0) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (length > 0 || request.head().has("content-length")) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        out().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out().flush();
    }

    private void receive(Answer answer) throws IOException {
        InputStream in = new BufferedInputStream(upstream.getInputStream(), 16 * 1024);
        InputStream guarded = secret == null ? in : new BufferedInputStream(new SecretGuard(in, secret), 16 * 1024);
        HttpReader from = new HttpReader(guarded);
        HttpHead head = finalHead(from);
        int status = status(head);
        Counted to = new Counted(answer.begin(), budget);
        received = to;
        StringBuilder text = new StringBuilder(head.line()).append("\r\n");
        for (HttpHead.Field field : head.endToEnd()) {
            text.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        text.append("Connection: close\r\n\r\n");
        to.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (request.method().equals("HEAD") || WITHOUT_BODY.contains(status)) {
            return;
        }
        boolean measured = head.has("content-length") || head.has("transfer-encoding");
        if (measured) {
            from.copyBody(HttpReader.length(head), to);
        } else {
            guarded.transferTo(to);
        }
    }

    private static HttpHead finalHead(HttpReader from) throws IOException {
        for (int i = 0; i < MOST_INTERIM; i++) {
            HttpHead head = from.head();
            int status = status(head);
            if (status == SWITCHING) {
                throw new BlockedException(Blocked.UPGRADE);
            }
            if (status >= 200) {
                return head;
            }
        }
        throw new IOException("nothing but interim answers");
    }

    private static int status(HttpHead head) throws IOException {
        Matcher line = STATUS.matcher(head.line());
        if (!line.matches()) {
            throw new IOException("the upstream does not speak HTTP/1");
        }
        return Integer.parseInt(line.group(1));
    }
}
