package dev.airlock.activities.sandbox.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against the real sandbox-init, as a child process with pipes. */
class InitClientIT {
    private static final String DIGEST = "ab".repeat(32);
    private static final FrameKey KEY = new FrameKey("k".repeat(32).getBytes(StandardCharsets.UTF_8));
    private static final InitClient.Lease LEASE = new InitClient.Lease("lease", DIGEST, Duration.ofMinutes(1), 1 << 20);

    @TempDir
    Path directory;

    private Process process;
    private InitClient client;

    @BeforeEach
    void start() throws Exception {
        Path binary = Path.of(System.getProperty("airlock.home"), "sandbox-init/target/sandbox-init");
        process = new ProcessBuilder(
                        binary.toString(),
                        "--workspace",
                        directory.resolve("workspace").toString(),
                        "--input",
                        directory.resolve("input").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        client = InitClient.over(new Pipes(process), KEY, "test");
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private record Pipes(Process process) implements Duplex {
        @Override
        public InputStream input() {
            return process.getInputStream();
        }

        @Override
        public OutputStream output() {
            return process.getOutputStream();
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
        }
    }

    private void lease() throws IOException {
        client.begin(LEASE);
    }

    private static Command shell(String token, String script) {
        return new Command(token, List.of("/bin/sh", "-c", script), new TreeMap<>(), "", Duration.ofSeconds(30));
    }

    private String output(String token) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Window window;
        do {
            window = client.read(token, all.size(), Duration.ofSeconds(2));
            byte[] data = new byte[window.data().remaining()];
            window.data().get(data);
            all.writeBytes(data);
        } while (!window.last() && !(window.ended() && all.size() == window.total()));
        return all.toString(StandardCharsets.UTF_8);
    }

    @Test
    void takesOneLeaseOnly() throws IOException {
        assertThat(client.hello().lease()).isNull();
        lease();
        client.takeOver(LEASE);
        InitClient.Lease other = new InitClient.Lease("other", DIGEST, Duration.ofMinutes(1), 1 << 20);
        assertThatThrownBy(() -> client.takeOver(other))
                .isInstanceOfSatisfying(
                        InitError.class, e -> assertThat(e.code()).isEqualTo(InitError.Code.REFUSED));
        Hello.Lease held = client.hello().lease();
        assertThat(held).isNotNull();
        assertThat(held == null ? "" : held.token() + held.digest()).isEqualTo("lease" + DIGEST);
    }

    @Test
    void aTokenRunsOnce() throws IOException {
        lease();
        client.run(shell("a", "echo run >> count; cat count; exit 5"));
        assertThat(output("a")).isEqualTo("run\n");
        CommandStatus again = client.run(shell("a", "echo run >> count; cat count; exit 5"));
        assertThat(again.ended()).isTrue();
        assertThat(again.cause()).isEqualTo(CommandStatus.Cause.EXITED);
        assertThat(again.code()).isEqualTo(5);
        assertThat(output("a")).isEqualTo("run\n");
        assertThat(client.state("b").state()).isEqualTo(CommandStatus.State.UNKNOWN);
    }

    @Test
    void filesOfAllSizesGoInAndComeOut() throws IOException {
        lease();
        byte[] large = new byte[3_000_001];
        new Random(3).nextBytes(large);
        try (FileSender sender = client.put(Root.WORKSPACE)) {
            sender.file("large", false, large);
            for (int i = 0; i < 3000; i++) {
                sender.file("many/" + i, i % 2 == 0, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
            }
            sender.file("empty", true, new byte[0]);
            sender.directory("directory");
            sender.link("link", "nowhere".getBytes(StandardCharsets.UTF_8));
        }
        List<String> names = new ArrayList<>();
        client.collect(CollectCaps.tree(1 << 24, 10_000), List.of(), new FileVisitor() {
            @Override
            public void directory(byte[] path) {
                names.add(text(path) + "/");
            }

            @Override
            public void file(byte[] path, Attributes attributes, long size, InputStream content) throws IOException {
                names.add(text(path));
                if (text(path).equals("large")) {
                    assertThat(content.readAllBytes()).isEqualTo(large);
                } else if (text(path).equals("many/1234")) {
                    assertThat(content.readAllBytes()).isEqualTo("1234".getBytes(StandardCharsets.UTF_8));
                    assertThat(attributes.executable()).isTrue();
                }
                // The rest is left unread on purpose: it is skipped.
            }

            @Override
            public void link(byte[] path, byte[] target) {
                names.add(text(path) + " -> " + text(target));
            }

            @Override
            public void refused(byte[] path, Refusal reason, int errno) {
                names.add("refused " + text(path));
            }

            @Override
            public void end(Cap cap) {
                names.add("end " + cap);
            }
        });
        assertThat(names)
                .hasSize(3000 + 6)
                .contains("large", "empty", "directory/", "many/", "link -> nowhere")
                .endsWith("end NONE");
    }

    @Test
    void anOlderClientIsFenced() throws IOException {
        lease();
        Hello hello = client.hello();
        client.takeOver(LEASE);
        assertThat(hello.epoch()).isEqualTo(1);
        assertThat(client.state("x").state()).isEqualTo(CommandStatus.State.UNKNOWN);
        assertThat(client.hello().epoch()).isEqualTo(2);
    }

    @Test
    void noiseOnTheChannelLosesNothing() throws IOException {
        lease();
        process.getOutputStream().write("ALK1 noise, not a frame".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        client.run(shell("a", "echo through"));
        assertThat(output("a")).isEqualTo("through\n");
    }

    @Test
    void theEndOfInitIsNoticedAtOnce() throws Exception {
        lease();
        client.run(shell("a", "sleep 30"));
        process.destroyForcibly();
        assertThatThrownBy(() -> client.read("a", 0, Duration.ofSeconds(30))).isInstanceOf(NoAnswer.class);
    }

    @Test
    void releaseEndsEverything() throws Exception {
        lease();
        client.run(shell("a", "sleep 30"));
        client.release("lease");
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void whatACommandWritesToInitIsIgnored() throws IOException {
        lease();
        client.run(shell("a", "sleep 30"));
        FrameKey other = new FrameKey("x".repeat(32).getBytes(StandardCharsets.UTF_8));
        byte[] release = new Fields().u64(1).str8("lease").bytes();
        byte[] kill = new Fields().u64(2).str8("a").bytes();
        OutputStream to = process.getOutputStream();
        to.write(new Frame(11, false, 9, 0, ByteBuffer.wrap(release)).encode(KEY));
        to.write(new Frame(11, true, 9, 0, ByteBuffer.wrap(release)).encode(other));
        to.write(new Frame(8, false, 9, 0, ByteBuffer.wrap(kill)).encode(KEY));
        to.flush();
        assertThat(client.state("a").state()).isEqualTo(CommandStatus.State.RUNNING);
        assertThat(client.hello().epoch()).as("nothing forged raises it").isEqualTo(1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
