package dev.airlock.activities.sandbox.init;

import java.io.IOException;
import java.io.InputStream;

/**
 * Gets what a collection delivers, one entry after the other: a directory before its content, otherwise in no order. All
 * names and bytes are hostile.
 */
public interface FileVisitor {
    void directory(byte[] path) throws IOException;

    /** @param content what is not read of it is skipped; its end before {@code size} bytes is an error */
    void file(byte[] path, Attributes attributes, long size, InputStream content) throws IOException;

    void link(byte[] path, byte[] target) throws IOException;

    /** An entry that init does not deliver. */
    void refused(byte[] path, Refusal reason, int errno) throws IOException;

    /** The last call. */
    void end(Cap cap) throws IOException;

    /** @param special setuid, setgid or sticky */
    record Attributes(boolean executable, boolean hardLinked, boolean special) {}

    /** Why init does not deliver an entry. In the order of the protocol's numbers, from 1. */
    enum Refusal {
        DEVICE,
        SOCKET,
        FIFO,
        WHITEOUT,
        NAME_TOO_LONG,
        PATH_TOO_LONG,
        TOO_DEEP,
        TOO_BIG,
        UNREADABLE,
        OTHER_FILESYSTEM,
        UNKNOWN;

        static Refusal of(int number) {
            Refusal[] all = values();
            return number >= 1 && number <= all.length ? all[number - 1] : UNKNOWN;
        }
    }

    /** Which bound ended the walk before its end. */
    enum Cap {
        NONE,
        ENTRIES,
        VISITED;

        static Cap of(int number) {
            return number == 0 ? NONE : number == 1 ? ENTRIES : VISITED;
        }
    }
}
