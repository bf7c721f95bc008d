package dev.airlock.cli.doctor;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Says whether Airlock will work here, and what to mend. */
@Command(
        name = "doctor",
        description =
                "Look whether Airlock will work here, and say what to mend: JDK, sandboxes, Temporal, Kafka, disk, clock.",
        exitCodeList = {
            "0:all will work, perhaps with warnings",
            "1:something will not work: each fail has its fix in one line",
            "2:something could not be found out"
        },
        footer = {
            "",
            "Needs nothing to run, changes nothing, and takes at most five seconds. Looks at what `dev` serves on the state",
            "directory, else at what AIRLOCK_TEMPORAL and AIRLOCK_KAFKA name; user namespaces and cgroups are really tried.",
            "",
            "Examples:",
            "  airlock doctor",
            "  airlock doctor -o json | jq -r '.checks[] | select(.status == \"fail\") | .fix'"
        })
public final class DoctorCommand extends Action {
    private static final Duration LIMIT = Duration.ofMillis(3600);

    public DoctorCommand(Session session) {
        super(session);
    }

    /** What was found. */
    record Report(boolean ok, List<Check> checks) {
        Report {
            checks = List.copyOf(checks);
        }

        static Report of(List<Check> checks) {
            return new Report(checks.stream().noneMatch(check -> check.status() == Check.Status.FAIL), checks);
        }

        int exitCode() {
            if (ok) {
                return YES;
            }
            boolean definite = checks.stream().anyMatch(each -> each.status() == Check.Status.FAIL && !each.unknown());
            return definite ? NO : UNKNOWN;
        }
    }

    @Override
    protected int perform() {
        String runtime = session().environment().variable("AIRLOCK_RUNTIME");
        Sources sources = new MachineSources(
                session().state(),
                session().environment().variable("PATH"),
                null,
                runtime.isEmpty() ? "runc" : runtime);
        Setting setting = new Setting(
                address("AIRLOCK_TEMPORAL"),
                named("AIRLOCK_KAFKA"),
                engine(),
                Optional.empty(),
                session().kafkaProperties());
        Report report = Report.of(new Doctor(sources, LIMIT).examine(setting));
        answers().give(report, text -> write(report, text));
        return report.exitCode();
    }

    private Optional<String> named(String variable) {
        return Optional.of(session().environment().variable(variable)).filter(value -> !value.isEmpty());
    }

    private Optional<String> address(String variable) {
        return named(variable).filter(value -> value.contains(":"));
    }

    private Optional<String> engine() {
        return named("AIRLOCK_ENGINE").filter(value -> !value.equals("auto"));
    }

    static void write(Report report, Text text) {
        int width = report.checks().stream()
                .mapToInt(check -> check.name().length())
                .max()
                .orElse(0);
        for (Check check : report.checks()) {
            String name = check.name() + " ".repeat(width - check.name().length());
            String status = String.format(Locale.ROOT, "%-4s", check.status().word());
            text.line(colour(check.status()), status + "  " + name + "  " + check.detail());
            if (check.fix() != null) {
                text.line(" ".repeat(width + 8) + "fix: " + check.fix());
            }
        }
        text.line("");
        long failed = count(report, Check.Status.FAIL);
        long warned = count(report, Check.Status.WARN);
        String warnings = warned == 1 ? "1 warning" : warned + " warnings";
        text.line(
                failed == 0 ? Colour.GOOD : Colour.BAD,
                failed == 0 ? "it will work; " + warnings : failed + " will not work; " + warnings);
    }

    private static long count(Report report, Check.Status status) {
        return report.checks().stream()
                .filter(check -> check.status() == status)
                .count();
    }

    private static Colour colour(Check.Status status) {
        return switch (status) {
            case OK -> Colour.GOOD;
            case WARN -> Colour.WAITING;
            case FAIL -> Colour.BAD;
            case SKIP -> Colour.FAINT;
        };
    }
}
