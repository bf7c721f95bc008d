package dev.airlock.activities.egress;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request to the proxy that can be understood in one way only.
 *
 * @param to what it names; for a plain request without a port 80
 * @param target path and query; empty for a tunnel
 */
record Request(String method, HostPort to, boolean portNamed, String target, HttpHead head) {
    static final String CONNECT = "CONNECT";
    private static final int HTTP_PORT = 80;
    private static final String SCHEME = "http://";
    private static final Pattern LINE = Pattern.compile("([A-Z]{1,20}) ([!-~]{1,16384}) HTTP/1\\.([01])");
    private static final Set<String> NEVER = Set.of("TRACE", "TRACK", "PRI");

    /** @throws BlockedException when it can not */
    static Request of(HttpHead head) throws BlockedException {
        Matcher line = LINE.matcher(head.line());
        if (!line.matches()) {
            throw HttpReader.malformed("no request line of HTTP/1");
        }
        String method = line.group(1);
        if (NEVER.contains(method)) {
            throw new BlockedException(Blocked.METHOD, "the method " + method + " is never let out");
        }
        HttpReader.length(head);
        return method.equals(CONNECT) ? tunnel(line.group(2), head) : plain(method, line.group(2), head);
    }

    private static Request tunnel(String target, HttpHead head) throws BlockedException {
        if (HttpReader.length(head) != 0) {
            throw HttpReader.malformed("a CONNECT with a body");
        }
        return new Request(CONNECT, HostPort.of(target, 0), true, "", head);
    }

    private static Request plain(String method, String target, HttpHead head) throws BlockedException {
        if (!target.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw HttpReader.malformed(
                    "not http://… in full; for https:// a client asks its proxy by CONNECT, and this one did not");
        }
        String rest = target.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        int question = rest.indexOf('?');
        int end = slash < 0 ? question : question < 0 ? slash : Math.min(slash, question);
        String authority = end < 0 ? rest : rest.substring(0, end);
        String path = end < 0 ? "/" : rest.substring(end);
        if (authority.contains("@") || path.contains("#")) {
            throw HttpReader.malformed("a URL with a user or a fragment");
        }
        HostPort to = HostPort.of(authority, HTTP_PORT);
        return new Request(method, to, authority.contains(":"), path.startsWith("/") ? path : "/" + path, head);
    }

    /** @throws BlockedException when {@code Host} says something else, or two things */
    void requireHost() throws BlockedException {
        List<String> hosts = head.all("host");
        if (hosts.isEmpty() && head.line().endsWith("0")) {
            return;
        }
        if (hosts.size() != 1) {
            throw HttpReader.malformed(hosts.isEmpty() ? "no Host header" : "more than one Host header");
        }
        HostPort named = HostPort.of(hosts.getFirst(), to.port());
        boolean without = hosts.getFirst().indexOf(':') < 0;
        boolean same = method.equals(CONNECT) || !without || !portNamed || to.port() == HTTP_PORT;
        if (!named.equals(to) || !same) {
            throw new BlockedException(Blocked.HOST_MISMATCH);
        }
    }

    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    boolean isTunnel() {
        return method.equals(CONNECT);
    }

    /** Whether it asks for another protocol. */
    boolean upgrades() {
        return head.has("upgrade")
                || head.has("http2-settings")
                || head.all("connection").stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
    }
}
