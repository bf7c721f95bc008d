package dev.airlock.cli.doctor;

import dev.airlock.cli.doctor.Sources.MachineFacts;
import java.util.List;

/** What the program itself runs on. */
final class MachineChecks {
    private static final int OLDEST = 21;
    private static final String SETUP = "run ./airlock setup";

    private MachineChecks() {}

    static List<Check> of(Asked<MachineFacts> asked) {
        return switch (asked) {
            case Asked.Told<MachineFacts> told -> List.of(jdk(told.value()), compiler(told.value()));
            case Asked.Refused<MachineFacts> refused -> nothing(refused.why());
            case Asked.Silent<MachineFacts> silent -> nothing(silent.why());
            case Asked.Nobody<MachineFacts> nobody -> nothing("nobody was asked");
        };
    }

    private static List<Check> nothing(String why) {
        return List.of(Check.unknown("jdk", why, SETUP), Check.unknown("compiler", why, SETUP));
    }

    private static Check jdk(MachineFacts facts) {
        int feature = facts.java().feature();
        return feature >= OLDEST
                ? Check.ok("jdk", facts.java().toString())
                : Check.fail(
                        "jdk", facts.java() + " is older than " + OLDEST, SETUP + ", or set JAVA_HOME to a newer one");
    }

    private static Check compiler(MachineFacts facts) {
        String built = facts.init() ? "sandbox-init is built" : "sandbox-init will be built when it is needed";
        if (facts.compiler().isPresent()) {
            return Check.ok("compiler", facts.compiler().get() + "; " + built);
        }
        return facts.init()
                ? Check.ok("compiler", "none, and none is needed: " + built)
                : Check.fail("compiler", "there is none, and sandbox-init is not built", SETUP);
    }
}
