package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.airlock.activities.egress.Resolver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server in plain words and one by TLS, on this machine's loopback, and the names that lead there. */
final class TestUpstream implements AutoCloseable {
    private static final String PASSWORD = "password";

    private final HttpServer plain;
    private final HttpsServer secure;
    private final Path authority;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> served = Collections.synchronizedList(new ArrayList<>());
    private final List<String> secrets = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> names = Collections.synchronizedMap(new TreeMap<>());
    private final Map<String, List<String>> turns = Collections.synchronizedMap(new TreeMap<>());
    private final Map<String, Integer> looks = Collections.synchronizedMap(new TreeMap<>());

    private TestUpstream(Path directory, String... hosts) throws Exception {
        Files.createDirectories(directory);
        Path keys = directory.resolve("keys.p12");
        this.authority = directory.resolve("authority.pem");
        String alternatives = Stream.of(hosts).map(host -> "dns:" + host).collect(Collectors.joining(","));
        keytool(
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "SAN=" + alternatives,
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "own",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD,
                "-file",
                authority.toString());
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        plain = HttpServer.create(any, 200);
        secure = HttpsServer.create(any, 200);
        secure.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        for (HttpServer server : List.of(plain, secure)) {
            server.setExecutor(threads);
            server.createContext("/", this::serve);
            server.start();
        }
        for (String host : hosts) {
            names.put(host, "127.0.0.1");
        }
    }

    static TestUpstream start(Path directory, String... hosts) throws Exception {
        return new TestUpstream(directory, hosts);
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private static SSLContext context(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().toString();
        String secret = exchange.getRequestHeaders().getFirst("Authorization");
        if (secret != null) {
            secrets.add(secret);
        }
        served.add(exchange.getRequestMethod() + " " + path + " "
                + (body.length > 100 ? body.length : new String(body, StandardCharsets.UTF_8)));
        byte[] answer = switch (path) {
            case "/mirror" -> body;
            case "/big" -> new byte[200_000];
            case "/v1/echo" -> ("you sent " + secret).getBytes(StandardCharsets.UTF_8);
            case "/v1/echo-late" -> ("x".repeat(50_000) + secret).getBytes(StandardCharsets.UTF_8);
            default ->
                (exchange.getRequestMethod() + " " + path + " " + new String(body, StandardCharsets.UTF_8) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        };
        boolean redirects = path.equals("/redirect");
        if (redirects) {
            exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data");
        }
        exchange.sendResponseHeaders(redirects ? 302 : 200, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    int port() {
        return plain.getAddress().getPort();
    }

    int securePort() {
        return secure.getAddress().getPort();
    }

    Path authority() {
        return authority;
    }

    Map<String, String> names() {
        return names;
    }

    /** Each look at the name gives the next of these addresses, over and over. */
    void turnAfterEachLook(String name, String... addresses) {
        turns.put(name, List.of(addresses));
    }

    int looks(String name) {
        return looks.getOrDefault(name, 0);
    }

    /** Method, path and a short body of each request, in the order in which they came. */
    List<String> served() {
        return List.copyOf(served);
    }

    List<String> secrets() {
        return List.copyOf(secrets);
    }

    Resolver resolver() {
        return name -> {
            int look = looks.merge(name, 1, Integer::sum) - 1;
            List<String> turning = turns.get(name);
            String address = turning == null ? names.get(name) : turning.get(look % turning.size());
            if (address == null) {
                throw new UnknownHostException(name);
            }
            return List.of(InetAddress.getByName(address));
        };
    }

    @Override
    public void close() {
        plain.stop(0);
        secure.stop(0);
        threads.shutdownNow();
    }
}
