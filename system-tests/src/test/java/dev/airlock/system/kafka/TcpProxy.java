package dev.airlock.system.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network between clients and one server on loopback, which can lose the server's answers or hold back what clients say.
 *
 * <p>What it holds back it delivers later, also when the client has died meanwhile, as the buffers of a real network do.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int WINDOW = 64 * 1024;

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong lost = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private volatile boolean losingAnswers;
    private boolean holding;

    private TcpProxy(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** To {@code target}, which need not serve yet. */
    public static TcpProxy to(int target) throws IOException {
        TcpProxy proxy = new TcpProxy(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), target);
        Thread.ofVirtual().name("proxy-" + target).start(proxy::accept);
        return proxy;
    }

    /** Where clients connect. */
    public int port() {
        return listener.getLocalPort();
    }

    /** From now on the server hears everything, and nobody hears the server. */
    public void loseAnswers() {
        losingAnswers = true;
    }

    /** From now on the server hears nothing; connections stay open. */
    public void hold() {
        lock.lock();
        try {
            holding = true;
        } finally {
            lock.unlock();
        }
    }

    /** Delivers what was held back. Who lost an answer finds its connection closed, as after any broken answer. */
    public void heal() {
        boolean lostSome = losingAnswers;
        losingAnswers = false;
        lock.lock();
        try {
            holding = false;
            released.signalAll();
        } finally {
            lock.unlock();
        }
        if (lostSome) {
            cut();
        }
    }

    /** Closes every connection; new ones are taken. */
    public void cut() {
        open.forEach(TcpProxy::closeQuietly);
    }

    /** Bytes of answers that nobody got. */
    public long lostBytes() {
        return lost.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> carry(client));
            }
        } catch (IOException e) {
            // The proxy has been closed.
            return;
        }
    }

    private void carry(Socket client) {
        open.add(client);
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread answers = Thread.ofVirtual().start(() -> answers(server, client));
            requests(client, server);
            answers.join();
            open.remove(server);
        } catch (IOException e) {
            // One side has gone; closing tells the other.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void requests(Socket client, Socket server) {
        byte[] window = new byte[WINDOW];
        try {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int read = in.read(window); read >= 0; read = in.read(window)) {
                awaitRelease();
                out.write(window, 0, read);
            }
            server.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitRelease() throws InterruptedException {
        lock.lock();
        try {
            while (holding) {
                released.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void answers(Socket server, Socket client) {
        byte[] window = new byte[WINDOW];
        try {
            InputStream in = server.getInputStream();
            for (int read = in.read(window); read >= 0; read = in.read(window)) {
                if (losingAnswers) {
                    lost.addAndGet(read);
                } else {
                    client.getOutputStream().write(window, 0, read);
                }
            }
            closeQuietly(client);
        } catch (IOException e) {
            // The server's death is the client's, too.
            closeQuietly(client);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        heal();
        listener.close();
        cut();
    }
}
