package dev.airlock.activities.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.airlock.workflows.pipeline.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a step's list lets out. */
final class EgressRulesTest {
    private static final Network.Secret SECRET = new Network.Secret("TOKEN", "Authorization", "Bearer {}");

    private final EgressRules rules = new EgressRules(new Network(List.of(
            new Network.Allow("open.example.com", List.of(443, 80), List.of(), List.of(), null),
            new Network.Allow(
                    "read.example.com", List.of(80), List.of("GET"), List.of("/v1/*/item", "/files/**"), null),
            new Network.Allow("read.example.com", List.of(80), List.of("POST"), List.of("/v1/new"), null),
            new Network.Allow("secret.example.com", List.of(8443, 443), List.of(), List.of(), SECRET))));

    private static Request plain(String method, String host, int port, boolean named, String path) {
        return new Request(method, new HostPort(host, port), named, path, new HttpHead("", List.of()));
    }

    private @Nullable Blocked why(Request request) {
        return catchThrowable(() -> rules.decide(request)) instanceof BlockedException blocked ? blocked.why() : null;
    }

    private @Nullable Blocked why(String host, int port) {
        return catchThrowable(() -> rules.decide(new HostPort(host, port))) instanceof BlockedException blocked
                ? blocked.why()
                : null;
    }

    @Test
    void letsATunnelOutWhereNobodyWantsToLookInside() {
        assertThat(why("open.example.com", 443)).isNull();
        assertThat(why("open.example.com", 80)).isNull();
        assertThat(why("open.example.com", 22)).isEqualTo(Blocked.PORT);
        assertThat(why("sub.open.example.com", 443)).isEqualTo(Blocked.HOST);
        assertThat(why("xopen.example.com", 443)).isEqualTo(Blocked.HOST);
        assertThat(why("example.com", 443)).isEqualTo(Blocked.HOST);
        assertThat(why("read.example.com", 80)).isEqualTo(Blocked.OPAQUE);
        assertThat(why("secret.example.com", 443)).isEqualTo(Blocked.OPAQUE);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/a/item,",
        "GET, /v1/a/item?x=/../..,",
        "GET, /files/a/b/c,",
        "GET, /files/,",
        "POST, /v1/new,",
        "GET, /v1/new, PATH",
        "DELETE, /v1/a/item, METHOD",
        "GET, /v1/a/b/item, PATH",
        "GET, /v1/a/item/more, PATH",
        "GET, /other, PATH",
        "GET, /files/../v2, PATH",
        "GET, /files/..%2fv2, PATH",
        "GET, /files/%2e%2e/v2, PATH",
        "GET, /files/./x, PATH",
        "GET, /files/..;/x, PATH",
        "GET, //files/x, PATH",
        "GET, /files\\..\\x, PATH",
        "GET, /files/.., PATH",
    })
    void looksAtMethodAndPath(String method, String path, @Nullable Blocked expected) {
        assertThat(why(plain(method, "read.example.com", 80, false, path))).isEqualTo(expected);
    }

    @Test
    void goesOnByTlsWhereASecretIsAdded() throws Exception {
        EgressRules.Way unnamed = rules.decide(plain("GET", "secret.example.com", 80, false, "/"));
        EgressRules.Way named = rules.decide(plain("GET", "secret.example.com", 443, true, "/"));

        assertThat(unnamed.to().port()).isEqualTo(8443);
        assertThat(unnamed.secret()).isEqualTo(SECRET);
        assertThat(named.to().port()).isEqualTo(443);
        assertThat(why(plain("GET", "secret.example.com", 80, true, "/"))).isEqualTo(Blocked.PORT);
    }

    @Test
    void isNotSlowedDownByAPatternThatBranches() {
        EgressRules hard = new EgressRules(new Network(List.of(
                new Network.Allow("a.b", List.of(80), List.of(), List.of("/" + "**a".repeat(20) + "b"), null))));

        assertThat(catchThrowable(() -> hard.decide(plain("GET", "a.b", 80, false, "/" + "a".repeat(16_000)))))
                .isInstanceOf(BlockedException.class);
    }
}
