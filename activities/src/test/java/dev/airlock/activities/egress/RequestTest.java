package dev.airlock.activities.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is understood as a request, and what is not since somebody else might understand it otherwise. */
final class RequestTest {
    private static Request request(String text) throws IOException {
        Request request = Request.of(reader(text).head());
        request.requireHost();
        return request;
    }

    private static HttpReader reader(String text) {
        return new HttpReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** {@code |} is the end of a line. */
    private static String lines(String text) {
        return text.replace("|", "\r\n") + "\r\n\r\n";
    }

    @Test
    void understandsAPlainRequest() throws Exception {
        Request request =
                request(lines("GET http://API.example.com/a/b?c=d HTTP/1.1|Host: api.example.com|Accept: */*"));

        assertThat(request.to()).isEqualTo(new HostPort("api.example.com", 80));
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.target()).isEqualTo("/a/b?c=d");
        assertThat(request.path()).isEqualTo("/a/b");
        assertThat(request.portNamed()).isFalse();
        assertThat(request.isTunnel()).isFalse();
    }

    @Test
    void understandsATunnel() throws Exception {
        Request request = request(lines("CONNECT api.example.com:443 HTTP/1.1|Host: api.example.com:443"));

        assertThat(request.isTunnel()).isTrue();
        assertThat(request.to()).isEqualTo(new HostPort("api.example.com", 443));
    }

    @Test
    void takesAnEmptyPathForTheRoot() throws Exception {
        assertThat(request(lines("GET http://a.b HTTP/1.1|Host: a.b")).target()).isEqualTo("/");
        assertThat(request(lines("GET http://a.b?x HTTP/1.1|Host: a.b")).target())
                .isEqualTo("/?x");
        assertThat(request(lines("GET http://a.b:81/ HTTP/1.0")).to().port()).isEqualTo(81);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Host: a.b",
                "GET https://a.b/ HTTP/1.1|Host: a.b",
                "GET ftp://a.b/ HTTP/1.1|Host: a.b",
                "GET http://a.b/ HTTP/2.0|Host: a.b",
                "GET http://a.b/|Host: a.b",
                "GET  http://a.b/ HTTP/1.1|Host: a.b",
                "GET http://a.b/ x HTTP/1.1|Host: a.b",
                "get http://a.b/ HTTP/1.1|Host: a.b",
                "GET http://user@a.b/ HTTP/1.1|Host: a.b",
                "GET http://a.b@evil.example/ HTTP/1.1|Host: evil.example",
                "GET http://a.b/#f HTTP/1.1|Host: a.b",
                "GET http://a.b\\@evil.example/ HTTP/1.1|Host: a.b",
                "GET http://a.b./ HTTP/1.1|Host: a.b.",
                "GET http://[::1]/ HTTP/1.1|Host: [::1]",
                "GET http://[::ffff:127.0.0.1]/ HTTP/1.1|Host: [::ffff:127.0.0.1]",
                "GET http://2130706433/ HTTP/1.1|Host: 2130706433",
                "GET http://0177.0.0.1/ HTTP/1.1|Host: 0177.0.0.1",
                "GET http://0x7f.1/ HTTP/1.1|Host: 0x7f.1",
                "GET http://127.1/ HTTP/1.1|Host: 127.1",
                "GET http://256.1.1.1/ HTTP/1.1|Host: 256.1.1.1",
                "GET http://a.0x1/ HTTP/1.1|Host: a.0x1",
                "GET http://a%2eb/ HTTP/1.1|Host: a%2eb",
                "GET http://ä.b/ HTTP/1.1|Host: ä.b",
                "GET http://a.b:/ HTTP/1.1|Host: a.b:",
                "GET http://a.b:080/ HTTP/1.1|Host: a.b:80",
                "GET http://a.b:65536/ HTTP/1.1|Host: a.b:65536",
                "GET http://a.b/ HTTP/1.1",
                "GET http://a.b/ HTTP/1.1|Host: a.b|Host: a.b",
                "GET http://a.b/ HTTP/1.1|Host : a.b",
                "GET http://a.b/ HTTP/1.1|Host: a.b| folded: x",
                "GET http://a.b/ HTTP/1.1|Host: a.b|X\u0000: y",
                "GET http://a.b/ HTTP/1.1|Host: a.b|X: y\u0000",
                "GET http://a.b/ HTTP/1.1|Host: a.b|X: y\nEvil: z",
                "GET http://a.b/ HTTP/1.1|Host: a.b|X: y\rEvil: z",
                "GET http://a.b/ HTTP/1.1|Host: a.b|no colon",
                "GET http://a.b/ HTTP/1.1|Host: a.b|: empty",
                "CONNECT a.b HTTP/1.1|Host: a.b",
                "CONNECT http://a.b:443/ HTTP/1.1|Host: a.b:443",
                "CONNECT a.b:443 HTTP/1.1|Host: a.b:443|Content-Length: 5",
                "CONNECT 0x7f000001:443 HTTP/1.1|Host: 0x7f000001:443",
                "PRI * HTTP/2.0",
            })
    void refusesWhatIsMalformed(String text) {
        assertThatThrownBy(() -> request(lines(text)))
                .isInstanceOfSatisfying(
                        BlockedException.class, e -> assertThat(e.why()).isEqualTo(Blocked.BAD_REQUEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://a.b/ HTTP/1.1|Host: evil.example",
                "GET http://a.b/ HTTP/1.0|Host: evil.example",
                "GET http://a.b:81/ HTTP/1.1|Host: a.b",
                "GET http://a.b/ HTTP/1.1|Host: a.b:81",
                "CONNECT a.b:443 HTTP/1.1|Host: evil.example:443",
                "CONNECT a.b:443 HTTP/1.1|Host: a.b:22",
            })
    void refusesAHostHeaderThatSaysSomethingElse(String text) {
        assertThatThrownBy(() -> request(lines(text)))
                .isInstanceOfSatisfying(
                        BlockedException.class, e -> assertThat(e.why()).isEqualTo(Blocked.HOST_MISMATCH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: websocket", "Connection: keep-alive, Upgrade", "HTTP2-Settings: AAMAAABk"})
    void seesThatAnotherProtocolIsAskedFor(String field) throws Exception {
        assertThat(request(lines("GET http://a.b/ HTTP/1.1|Host: a.b|" + field)).upgrades())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5|Transfer-Encoding: chunked",
                "Content-Length: 5|Content-Length: 6",
                "Content-Length: 5|Content-Length: 5",
                "Content-Length: +5",
                "Content-Length: 5, 5",
                "Content-Length: 0x5",
                "Content-Length: -1",
                "Content-Length: ",
                "Transfer-Encoding: chunked|Transfer-Encoding: identity",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: \tchunked\u000b",
            })
    void refusesABodyOfTwoLengths(String fields) {
        assertThatThrownBy(() -> HttpReader.length(reader(lines("POST http://a.b/ HTTP/1.1|Host: a.b|" + fields))
                        .head()))
                .isInstanceOf(BlockedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5;ext=1\r\nhello\r\n0\r\n\r\n",
                "5 \r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhelloX0\r\n\r\n",
                "5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
                "-1\r\nhello\r\n0\r\n\r\n",
                "ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
            })
    void refusesChunksThatCanBeReadInTwoWays(String body) {
        assertThatThrownBy(() -> reader(body).copyBody(-1, new ByteArrayOutputStream()))
                .isInstanceOf(BlockedException.class);
    }

    @Test
    void framesChunksAnew() throws Exception {
        ByteArrayOutputStream to = new ByteArrayOutputStream();

        reader("005\r\nhello\r\n1\r\n!\r\n000\r\n\r\nGET /smuggled").copyBody(-1, to);

        assertThat(to.toString(StandardCharsets.ISO_8859_1)).isEqualTo("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
    }

    @Test
    void refusesHeadsWithoutBounds() {
        assertThatThrownBy(() -> reader("GET http://a.b/" + "a".repeat(40_000)).head())
                .isInstanceOf(BlockedException.class);
        assertThatThrownBy(() -> reader(lines("GET http://a.b/ HTTP/1.1" + "|A: b".repeat(101)))
                        .head())
                .isInstanceOf(BlockedException.class);
        assertThatThrownBy(() ->
                        reader("GET http://a.b/ HTTP/1.1\r\nHost: a.b\r\n").head())
                .isInstanceOf(BlockedException.class);
        assertThatThrownBy(() -> reader("").head()).isInstanceOf(EOFException.class);
    }

    @Test
    void passesOnOnlyWhatConcernsTheOtherEnd() throws Exception {
        HttpHead head = reader(
                        lines(
                                "GET http://a.b/ HTTP/1.1|Host: a.b|Connection: close, X-Own, Host, Content-Length"
                                        + "|X-Own: 1|Keep-Alive: 5|Proxy-Authorization: p|Proxy-Connection: close|TE: trailers|Accept: x"))
                .head();

        assertThat(head.endToEnd()).extracting(HttpHead.Field::name).containsExactly("Host", "Accept");
    }
}
