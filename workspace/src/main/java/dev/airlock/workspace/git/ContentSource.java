package dev.airlock.workspace.git;

import java.io.IOException;
import java.io.InputStream;

/** Content that can be read from its beginning as often as needed. */
@FunctionalInterface
public interface ContentSource {
    /** A new stream, to be closed by the caller. */
    InputStream open() throws IOException;
}
