package dev.airlock.dev.ports;

import dev.airlock.platform.state.AtomicFile;
import dev.airlock.platform.state.StateDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Properties;

/**
 * Which port each embedded server listens on: the same at every start where it is free, so that clients of the last start
 * find the next one. Drawn from below the range that the system gives to outgoing connections. Thread-safe.
 */
public final class Ports {
    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000;
    private static final int TRIES = 1_000;

    private final Path file;
    private final Properties known = new Properties();
    private final SecureRandom random = new SecureRandom();

    /** The ports that this state directory had, if it had any. */
    public Ports(StateDirectory state) throws IOException {
        this.file = state.root().resolve("ports.properties");
        try (Reader reader = Files.newBufferedReader(file)) {
            known.load(reader);
        } catch (NoSuchFileException | IllegalArgumentException e) {
            // A first start, or a file that is not ours: all ports are drawn anew.
            known.clear();
        }
    }

    /** The port of {@code server}: the last one, else another that is free now. */
    public synchronized int of(String server) throws IOException {
        int last = parse(known.getProperty(server, ""));
        if (last > 0 && isFree(last)) {
            return last;
        }
        return fresh(server);
    }

    /** Another port than before, for when somebody took the last one between our look and the server's start. */
    public synchronized int fresh(String server) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + random.nextInt(COUNT);
            if (!known.containsValue(Integer.toString(port)) && isFree(port)) {
                keep(server, port);
                return port;
            }
        }
        throw new IOException("no free port from " + FIRST + " to " + (FIRST + COUNT));
    }

    private void keep(String server, int port) throws IOException {
        known.setProperty(server, Integer.toString(port));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        known.store(content, "Ports of the embedded servers");
        AtomicFile.write(file, content.toByteArray());
    }

    private static int parse(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 1023 && port < 65_536 ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
