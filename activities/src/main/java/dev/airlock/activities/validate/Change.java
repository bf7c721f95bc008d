package dev.airlock.activities.validate;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * One path that differs between base and candidate. A rename is two of these.
 *
 * @param before absent when the path is new
 * @param after absent when the path is gone
 * @param size bytes there are after the change; of a link: of its target
 */
record Change(String path, @Nullable Entry before, @Nullable Entry after, long size) {
    Change {
        if (before == null && after == null) {
            throw new IllegalArgumentException("nothing changed at " + path);
        }
    }

    /** What lies at a path. A link's content is its target, a submodule has none. */
    record Entry(Kind kind, Content content) {}

    /** Bytes that can be read from their beginning as often as needed. */
    @FunctionalInterface
    interface Content {
        /** A new stream, to be closed by the caller. */
        InputStream open() throws IOException;
    }

    enum Kind {
        FILE,
        EXECUTABLE,
        LINK,
        /** A commit of another repository. */
        SUBMODULE;

        boolean hasBytes() {
            return this == FILE || this == EXECUTABLE;
        }
    }
}
