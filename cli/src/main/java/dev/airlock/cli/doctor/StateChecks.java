package dev.airlock.cli.doctor;

import dev.airlock.cli.doctor.Sources.StateFacts;
import java.util.List;
import java.util.Locale;

/** What the installation keeps on this machine. */
final class StateChecks {
    private static final String STATE = "state-directory";
    private static final String DISK = "disk";
    private static final String OTHER = "name another with --state DIR or AIRLOCK_STATE";
    private static final long MIB = 1024L * 1024;
    private static final long LEAST = 512 * MIB;
    private static final long COMFORT = 4096 * MIB;

    private StateChecks() {}

    static List<Check> of(Asked<StateFacts> asked) {
        return switch (asked) {
            case Asked.Told<StateFacts> told -> List.of(state(told.value()), disk(told.value()));
            case Asked.Refused<StateFacts> refused -> nothing(refused.why());
            case Asked.Silent<StateFacts> silent -> nothing(silent.why());
            case Asked.Nobody<StateFacts> nobody -> nothing("nobody was asked");
        };
    }

    private static List<Check> nothing(String why) {
        return List.of(Check.unknown(STATE, why, OTHER), Check.unknown(DISK, why, OTHER));
    }

    private static Check state(StateFacts facts) {
        if (!facts.trouble().isEmpty()) {
            return Check.fail(STATE, facts.trouble(), OTHER + ", or mend this one");
        }
        if (!facts.odd().isEmpty()) {
            return Check.warn(STATE, facts.odd(), "start airlock dev on it again");
        }
        String serves = facts.endpoints()
                .map(each -> "airlock dev serves on it (pid " + each.pid() + ")")
                .orElse("no airlock dev serves on it");
        return Check.ok(STATE, facts.root() + (facts.exists() ? ": " + serves : ": will be made"));
    }

    private static Check disk(StateFacts facts) {
        String left = size(facts.free()) + " left for " + facts.root();
        if (facts.free() < LEAST) {
            return Check.fail(DISK, left, "make room: at least " + size(LEAST) + ", better " + size(COMFORT));
        }
        return facts.free() < COMFORT
                ? Check.warn(DISK, left, "make room: " + size(COMFORT) + " or more is comfortable")
                : Check.ok(DISK, left);
    }

    private static String size(long bytes) {
        return bytes < 1024 * MIB
                ? bytes / MIB + " MiB"
                : String.format(Locale.ROOT, "%.1f GiB", bytes / (1024.0 * MIB));
    }
}
