package dev.airlock.activities.egress;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host, as a name or an IPv4 address in its usual form, and a port. Other spellings of addresses are none here, so nobody reads them
 * as something that was not allowed.
 */
record HostPort(String host, int port) {
    private static final Pattern NAME = Pattern.compile(
            "(?!.{254})([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

    private static final Pattern LAST_IS_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

    /** @throws BlockedException when it is neither */
    static String host(String text) throws BlockedException {
        String host = text.toLowerCase(Locale.ROOT);
        boolean isNumber = LAST_IS_NUMBER.matcher(host).matches();
        if (isNumber ? !IPV4.matcher(host).matches() : !NAME.matcher(host).matches()) {
            throw HttpReader.malformed(
                    "'" + shortened(text) + "' is neither a name nor an IPv4 address in its usual form");
        }
        return host;
    }

    static boolean isAddress(String host) {
        return IPV4.matcher(host).matches();
    }

    /**
     * {@code HOST} or {@code HOST:PORT}.
     *
     * @param otherwise the port when none is named; 0 when one must be
     */
    static HostPort of(String text, int otherwise) throws BlockedException {
        int colon = text.indexOf(':');
        if (colon < 0 && otherwise == 0) {
            throw HttpReader.malformed("no port");
        }
        if (colon < 0) {
            return new HostPort(host(text), otherwise);
        }
        String port = text.substring(colon + 1);
        if (!port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > 65535) {
            throw HttpReader.malformed("no proper port");
        }
        return new HostPort(host(text.substring(0, colon)), Integer.parseInt(port));
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) : text;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
