package dev.airlock.activities.egress;

import com.google.re2j.Pattern;
import dev.airlock.workflows.pipeline.Network;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A step's {@code network.allow}, asked one request at a time. Immutable. */
final class EgressRules {
    private final List<Rule> rules;

    EgressRules(Network network) {
        this.rules = network.allow().stream().map(Rule::of).toList();
    }

    /**
     * Where an allowed request goes.
     *
     * @param secret what is added to it; it goes by HTTPS then
     */
    record Way(HostPort to, Network.@Nullable Secret secret) {}

    private record Rule(Network.Allow allow, List<Pattern> paths) {
        static Rule of(Network.Allow allow) {
            return new Rule(allow, allow.paths().stream().map(Rule::pattern).toList());
        }

        /** Linear in the path's length, whatever the pattern. */
        private static Pattern pattern(String glob) {
            StringBuilder expression = new StringBuilder();
            for (int i = 0; i < glob.length(); i++) {
                if (glob.startsWith("**", i)) {
                    expression.append(".*");
                    i++;
                } else {
                    expression.append(glob.charAt(i) == '*' ? "[^/]*" : Pattern.quote(glob.substring(i, i + 1)));
                }
            }
            return Pattern.compile(expression.toString(), Pattern.DOTALL);
        }

        boolean isFor(String host) {
            return allow.host().equals(host);
        }

        boolean looksInside() {
            return allow.secret() != null
                    || !allow.methods().isEmpty()
                    || !allow.paths().isEmpty();
        }

        @Nullable
        Blocked judge(Request request) {
            if (!allow.ports().contains(port(request))) {
                return Blocked.PORT;
            }
            if (!allow.methods().isEmpty() && !allow.methods().contains(request.method())) {
                return Blocked.METHOD;
            }
            return allow.paths().isEmpty() || matches(request.path()) ? null : Blocked.PATH;
        }

        /** Plain {@code http://host/} at a host with a secret means the first of its ports: the worker speaks TLS there. */
        int port(Request request) {
            return allow.secret() != null && !request.portNamed()
                    ? allow.ports().getFirst()
                    : request.to().port();
        }

        private boolean matches(String path) {
            return isPlain(path) && paths.stream().anyMatch(pattern -> pattern.matches(path));
        }

        /** A path that some server reads as another one is matched by no pattern. */
        private static boolean isPlain(String path) {
            String low = path.toLowerCase(Locale.ROOT);
            return !low.contains("//")
                    && !low.contains("\\")
                    && !low.contains(";")
                    && !low.contains("%2e")
                    && !low.contains("%2f")
                    && !low.contains("%5c")
                    && !low.contains("%00")
                    && !(low + "/").contains("/./")
                    && !(low + "/").contains("/../");
        }
    }

    /** @throws BlockedException when no entry lets it out; says how near it came */
    Way decide(Request request) throws BlockedException {
        Blocked nearest = Blocked.HOST;
        for (Rule rule : rules) {
            if (!rule.isFor(request.to().host())) {
                continue;
            }
            Blocked why = rule.judge(request);
            if (why == null) {
                return new Way(
                        new HostPort(request.to().host(), rule.port(request)),
                        rule.allow().secret());
            }
            nearest = why.compareTo(nearest) > 0 ? why : nearest;
        }
        throw new BlockedException(nearest);
    }

    /** A tunnel. */
    Way decide(HostPort to) throws BlockedException {
        Blocked nearest = Blocked.HOST;
        for (Rule rule : rules) {
            if (!rule.isFor(to.host())) {
                continue;
            }
            boolean port = rule.allow().ports().contains(to.port());
            if (port && !rule.looksInside()) {
                return new Way(to, null);
            }
            Blocked why = port ? Blocked.OPAQUE : Blocked.PORT;
            nearest = why.compareTo(nearest) > 0 ? why : nearest;
        }
        throw new BlockedException(nearest);
    }
}
