package dev.airlock.activities.egress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What goes back to the sandbox. Once an upstream's words are on their way, ours can only be to break off. For one thread. */
final class Answer {
    private final OutputStream to;
    private volatile boolean begun;

    Answer(OutputStream to) {
        this.to = to;
    }

    /** For the words of the upstream. */
    OutputStream begin() {
        begun = true;
        return to;
    }

    /** To one that waits before it sends its body. */
    void goOn() throws IOException {
        to.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    void refuse(BlockedException why) throws IOException {
        boolean bad = why.why() == Blocked.BAD_REQUEST;
        say(bad ? "400 Bad Request" : "403 Forbidden", why.why().name(), "blocked: " + why.getMessage());
    }

    void fail(String reason, String message) throws IOException {
        say("502 Bad Gateway", reason, message);
    }

    private void say(String status, String reason, String message) throws IOException {
        if (begun) {
            throw new IOException(reason);
        }
        byte[] body = ("airlock: " + message + " (" + reason + ")\n").getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + "\r\nX-Airlock-Reason: " + reason
                + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        to.write(head.getBytes(StandardCharsets.US_ASCII));
        to.write(body);
    }
}
