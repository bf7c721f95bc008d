package dev.airlock.cli.doctor;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param name the same whatever came out
 * @param detail what was found
 * @param fix what mends it, in one line; absent where there is nothing to mend
 * @param unknown whether it failed because it could not be found out
 */
record Check(
        String name,
        Status status,
        String detail,
        @Nullable String fix,
        @JsonIgnore boolean unknown) {

    /** How it stands. */
    enum Status {
        OK,
        /** Works, and could be better. */
        WARN,
        /** Something will not work. */
        FAIL,
        /** Not needed, or not there yet. */
        SKIP;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Check ok(String name, String detail) {
        return new Check(name, Status.OK, detail, null, false);
    }

    static Check skip(String name, String detail) {
        return new Check(name, Status.SKIP, detail, null, false);
    }

    static Check warn(String name, String detail, String fix) {
        return new Check(name, Status.WARN, detail, fix, false);
    }

    static Check fail(String name, String detail, String fix) {
        return new Check(name, Status.FAIL, detail, fix, false);
    }

    static Check unknown(String name, String detail, String fix) {
        return new Check(name, Status.FAIL, "could not find out: " + detail, fix, true);
    }
}
