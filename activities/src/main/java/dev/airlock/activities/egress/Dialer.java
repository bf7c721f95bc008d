package dev.airlock.activities.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Connects to hosts outside: resolves the name, looks at every address, and connects to exactly what it looked at. A name that stands for
 * one address that is not public is not connected to at all, unless the installation names it as a private upstream.
 */
final class Dialer {
    private final EgressSettings settings;
    private final Duration connect;
    private final Duration idle;

    Dialer(EgressSettings settings, Duration connect, Duration idle) {
        this.settings = settings;
        this.connect = connect;
        this.idle = idle;
    }

    /**
     * The addresses of a name that may be connected to.
     *
     * @throws BlockedException when one is not public
     * @throws UnknownHostException when there is none
     */
    List<InetAddress> resolve(HostPort to) throws IOException {
        List<InetAddress> addresses = List.copyOf(settings.resolver().resolve(to.host()));
        if (addresses.isEmpty()) {
            throw new UnknownHostException(to.host());
        }
        if (!settings.isPrivateUpstream(to)) {
            for (InetAddress address : addresses) {
                if (!PublicAddress.is(address) || isOurs(address)) {
                    throw new BlockedException(Blocked.PRIVATE_ADDRESS);
                }
            }
        }
        return addresses;
    }

    /** Connects to one of exactly these addresses. */
    Socket connect(List<InetAddress> addresses, HostPort to) throws IOException {
        IOException last = new IOException(to.host() + " has no address");
        for (InetAddress address : addresses) {
            try {
                return connect(new InetSocketAddress(address, to.port()));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, (int) connect.toMillis());
            socket.setSoTimeout((int) idle.toMillis());
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A public address of this machine reaches what listens on it for its neighbours only. */
    private static boolean isOurs(InetAddress address) throws IOException {
        return NetworkInterface.getByInetAddress(address) != null;
    }

    /** TLS over a connection, for that name. */
    Socket secure(Socket plain, HostPort to) throws IOException {
        SSLContext context = settings.tls();
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, to.host(), to.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }
}
