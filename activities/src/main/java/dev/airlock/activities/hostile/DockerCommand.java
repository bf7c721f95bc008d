package dev.airlock.activities.hostile;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The docker command, with what it prints read along; its beginning is kept. */
final class DockerCommand implements Closeable {
    private static final int KEPT = 16 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Thread reader;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final AtomicLong size = new AtomicLong();

    private DockerCommand(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("docker output").start(this::read);
    }

    static DockerCommand start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        return new DockerCommand(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** What it prints; a failure is one of the caller's. */
    static String run(String... words) throws IOException {
        try (DockerCommand command = start(words)) {
            boolean ended = command.await(PATIENCE);
            String said = command.text();
            if (!ended || command.process.exitValue() != 0) {
                throw new IOException("docker " + String.join(" ", words) + ": " + said.strip());
            }
            return said;
        }
    }

    private void read() {
        byte[] block = new byte[1 << 16];
        try (InputStream in = process.getInputStream()) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                size.addAndGet(count);
                synchronized (output) {
                    output.write(block, 0, Math.min(count, KEPT - output.size()));
                }
            }
        } catch (IOException e) {
            // It was ended while it printed.
        }
    }

    /** Whether it has ended, and all that it printed was read. */
    boolean await(Duration time) throws IOException {
        try {
            if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            reader.join(PATIENCE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    byte[] output() {
        synchronized (output) {
            return output.toByteArray();
        }
    }

    /** A character for each byte. */
    String text() {
        return new String(output(), StandardCharsets.ISO_8859_1);
    }

    long size() {
        return size.get();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
