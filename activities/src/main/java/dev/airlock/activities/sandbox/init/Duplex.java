package dev.airlock.activities.sandbox.init;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Two byte streams to and from a {@code sandbox-init}. Closing ends a read that blocks; it does not end init. */
public interface Duplex extends Closeable {
    InputStream input() throws IOException;

    OutputStream output() throws IOException;
}
