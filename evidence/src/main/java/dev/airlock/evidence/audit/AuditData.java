package dev.airlock.evidence.audit;

import dev.airlock.workflows.audit.AuditEntry;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an event's data may hold: what every language reads back as it was written. */
final class AuditData {
    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(53).subtract(BigInteger.ONE);

    private AuditData() {}

    /** @throws IllegalArgumentException naming the member that holds a float, an inexact number or anything foreign */
    static Map<String, Object> checked(AuditEntry entry) {
        check(entry.data(), entry.type() + ".data");
        return entry.data();
    }

    private static void check(@Nullable Object value, String path) {
        switch (value) {
            case null -> {}
            case String text -> {}
            case Boolean flag -> {}
            case Integer number -> {}
            case Short number -> {}
            case Long number -> checkExact(BigInteger.valueOf(number), path);
            case BigInteger number -> checkExact(number, path);
            case List<?> list -> checkList(list, path);
            case Map<?, ?> map -> map.forEach((key, member) -> check(member, path + "." + key));
            default -> throw refused(path, "a " + value.getClass().getSimpleName());
        }
    }

    private static void checkList(List<?> list, String path) {
        for (int i = 0; i < list.size(); i++) {
            check(list.get(i), path + "[" + i + "]");
        }
    }

    private static void checkExact(BigInteger number, String path) {
        if (number.abs().compareTo(LARGEST) > 0) {
            throw refused(path, "the number " + number + ", which many readers would round");
        }
    }

    private static IllegalArgumentException refused(String path, String what) {
        return new IllegalArgumentException("audit event " + path + " holds " + what
                + "; only strings, whole numbers up to 2^53, booleans, lists and maps are allowed");
    }
}
