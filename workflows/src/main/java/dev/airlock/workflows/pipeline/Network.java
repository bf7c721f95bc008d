package dev.airlock.workflows.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command may reach: nothing but this. It has no network; it has a proxy, which lets exactly these out.
 *
 * @param allow at least one; what any of them allows is allowed
 */
public record Network(List<Allow> allow) {
    /** For a host that names no ports. */
    public static final int DEFAULT_PORT = 443;

    public Network {
        allow = List.copyOf(allow);
    }

    /**
     * One host. With methods, paths or a secret it is for plain {@code http://} requests to the proxy alone, since nobody looks into
     * a tunnel.
     *
     * @param host exactly, in lower case
     * @param ports at least one
     * @param methods empty is any
     * @param paths patterns in which {@code *} stands for anything but a slash and {@code **} for anything; empty is any
     */
    public record Allow(
            String host,
            List<Integer> ports,
            List<String> methods,
            List<String> paths,
            @Nullable Secret secret) {
        public Allow {
            ports = List.copyOf(ports);
            methods = List.copyOf(methods);
            paths = List.copyOf(paths);
        }
    }

    /**
     * What the worker adds to each request to the host, which it then sends by HTTPS. The sandbox never sees it.
     *
     * @param name of a secret that the worker is given; not the secret
     * @param header that carries it
     * @param format in which {@code {}} stands for it
     */
    public record Secret(String name, String header, String format) {
        public static final String DEFAULT_HEADER = "Authorization";
        public static final String DEFAULT_FORMAT = "Bearer {}";
    }
}
