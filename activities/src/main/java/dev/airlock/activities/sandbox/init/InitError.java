package dev.airlock.activities.sandbox.init;

import java.io.IOException;

/** An ERROR reply. */
public final class InitError extends IOException {
    private final Code code;
    private final int errno;

    InitError(Code code, int errno, String message) {
        super(message);
        this.code = code;
        this.errno = errno;
    }

    public Code code() {
        return code;
    }

    /** Linux's number; 0 if there is none. */
    public int errno() {
        return errno;
    }

    /** In the order of their numbers, from 1; UNRECOGNISED is a later version's. */
    public enum Code {
        BAD_REQUEST,
        UNKNOWN_TYPE,
        FENCED,
        NOT_LEASED,
        REFUSED,
        BUSY,
        NOT_FOUND,
        GONE,
        IO,
        BAD_PATH,
        EXPIRED,
        WRONG_BOOT,
        TOO_MANY,
        SEQUENCE,
        NOT_AUTHENTIC,
        UNRECOGNISED;

        static Code of(int number) {
            Code[] all = values();
            return number >= 1 && number < all.length ? all[number - 1] : UNRECOGNISED;
        }
    }
}
