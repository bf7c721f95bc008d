package dev.airlock.activities.sandbox;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.airlock.activities.sandbox.init.Duplex;
import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Stdin and stdout of a container's process 1. What comes is wrapped by docker in pieces with a header of 8 bytes each:
 * which stream, then the length, big endian.
 */
final class DockerAttach implements Duplex {
    private static final int FIRST_ERROR = 400;

    private final DockerHttpClient.Response response;
    private final RequestStream requests;
    private final InputStream stdout;

    private DockerAttach(DockerHttpClient.Response response, RequestStream requests) {
        this.response = response;
        this.requests = requests;
        this.stdout = new Stdout(response.getBody());
    }

    static DockerAttach open(DockerHttpClient http, String path) throws IOException {
        RequestStream requests = new RequestStream();
        DockerHttpClient.Response response = http.execute(DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.POST)
                .path(path + "?stream=1&stdin=1&stdout=1&stderr=1")
                .hijackedInput(requests.source())
                .build());
        if (response.getStatusCode() >= FIRST_ERROR) {
            int status = response.getStatusCode();
            response.close();
            throw new SandboxException(FailureType.UNAVAILABLE, "docker does not attach: status " + status);
        }
        return new DockerAttach(response, requests);
    }

    @Override
    public InputStream input() {
        return stdout;
    }

    @Override
    public OutputStream output() {
        return requests;
    }

    @Override
    public void close() {
        requests.close();
        response.close();
    }

    /** What process 1 writes to its stdout; its stderr is of no use to anybody here. */
    private static final class Stdout extends InputStream {
        private static final int STDOUT = 1;

        private final InputStream wrapped;
        private int left;

        Stdout(InputStream wrapped) {
            this.wrapped = wrapped;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            while (left == 0) {
                byte[] header = wrapped.readNBytes(8);
                if (header.length < 8) {
                    return -1;
                }
                int size = ByteBuffer.wrap(header).getInt(4);
                if (size < 0) {
                    throw new IOException("docker's stream is out of step");
                }
                if (header[0] == STDOUT) {
                    left = size;
                } else {
                    wrapped.skipNBytes(size);
                }
            }
            int count = wrapped.read(into, at, Math.min(length, left));
            if (count > 0) {
                left -= count;
            }
            return count;
        }
    }
}
