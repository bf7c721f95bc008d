package dev.airlock.activities.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.activities.hostile.HostileCase.Outside;
import dev.airlock.activities.hostile.Observation.End;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** Whether what was seen of a case is what must be. Pure functions. */
final class Judge {
    /** Limits of memory of which a whole sandbox may die, where the runtime holds processes in one of its own. */
    private static final Set<String> DEADLY = Set.of("MEMORY", "PIDS");

    private static final int LONGEST_VERDICT = 4096;
    private static final int UNSUPPORTED = 3;

    private Judge() {}

    /** What is said of a case, and why. */
    record Judgement(Verdict verdict, String detail) {}

    static Judgement of(HostileCase one, Observation seen) {
        Judgement end = ofEnd(one, seen);
        if (end.verdict() != Verdict.CONTAINED) {
            return end;
        }
        Optional<String> complaint = ofTime(one.outside(), seen)
                .or(() -> ofOutput(one.outside().output(), seen))
                .or(() -> ofFiles(one.outside().files(), seen))
                .or(() -> seen.complaints().stream().findFirst());
        return complaint.map(Judge::breached).orElse(end);
    }

    /** Whether it ended later than it must. */
    static boolean isLate(HostileCase one, Observation seen) {
        return ofTime(one.outside(), seen).isPresent();
    }

    private static Judgement breached(String detail) {
        return new Judgement(Verdict.BREACHED, detail);
    }

    private static Judgement contained(String detail) {
        return new Judgement(Verdict.CONTAINED, detail);
    }

    private static Judgement ofEnd(HostileCase one, Observation seen) {
        Outside outside = one.outside();
        boolean bySelf = outside.end().contains(Outside.VERDICT);
        String wanted = String.join(" or ", outside.end());
        return switch (seen.end()) {
            case End.Limited(String limit) ->
                outside.end().contains(limit)
                        ? contained("ended by the limit " + limit)
                        : breached("the limit " + limit + " ended it, instead of " + wanted);
            case End.Exited(int code)
            when outside.end().contains("exit " + code) -> contained("ended with exit code " + code);
            case End.Exited(int code) ->
                own(one.name(), code, seen)
                        .filter(said -> bySelf || said.verdict() != Verdict.CONTAINED)
                        .orElseGet(() -> breached("it ended with exit code " + code + ", instead of " + wanted));
            case End.Died(String detail) ->
                outside.end().stream().anyMatch(DEADLY::contains)
                        ? contained("its sandbox died of it, without a verdict: " + detail)
                        : breached("its sandbox died: " + detail);
            case End.Lost(String detail) -> breached(detail);
        };
    }

    /** The case's own word, its last line; only with the exit code that belongs to it. */
    private static Optional<Judgement> own(String name, int code, Observation seen) {
        String output = seen.output();
        String end =
                output.substring(Math.max(0, output.length() - LONGEST_VERDICT)).strip();
        return word(name, end.substring(end.lastIndexOf('\n') + 1)).filter(said -> code == exitCode(said.verdict()));
    }

    private static int exitCode(Verdict verdict) {
        return verdict == Verdict.CONTAINED ? 0 : verdict == Verdict.BREACHED ? 1 : UNSUPPORTED;
    }

    /** What a line says of that case; empty when it is none of it. */
    static Optional<Judgement> word(String name, String line) {
        try {
            JsonNode said = Payloads.mapper().readTree(line);
            if (said == null || !said.path("case").asText().equals(name)) {
                return Optional.empty();
            }
            String detail = said.path("detail").asText();
            return switch (said.path("verdict").asText()) {
                case "contained" -> Optional.of(contained(detail));
                case "breached" -> Optional.of(breached(detail));
                case "unsupported" -> Optional.of(new Judgement(Verdict.UNSUPPORTED, detail));
                default -> Optional.empty();
            };
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> ofTime(Outside outside, Observation seen) {
        return seen.took().compareTo(outside.latest()) <= 0
                ? Optional.empty()
                : Optional.of("it ended after " + seen.took().toMillis() + " ms, and must have within "
                        + outside.latest().toMillis());
    }

    private static Optional<String> ofOutput(HostileCase.Output wanted, Observation seen) {
        if (wanted.whole() != null && !wanted.whole().equals(hexadecimal(seen.output()))) {
            return Optional.of("its output is not kept byte by byte");
        }
        if (seen.outputSize() < wanted.least()) {
            return Optional.of("only " + seen.outputSize() + " bytes of its output were kept, not " + wanted.least());
        }
        if (wanted.never() != null && seen.output().contains(wanted.never())) {
            return Optional.of("\"" + wanted.never() + "\" is in its output");
        }
        return Optional.empty();
    }

    private static String hexadecimal(String bytes) {
        return HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Optional<String> ofFiles(HostileCase.Files wanted, Observation seen) {
        for (String refused : wanted.refused()) {
            if (seen.findings().stream().noneMatch(finding -> finding.startsWith(refused))) {
                return Optional.of("no finding says \"" + refused + "\"");
            }
        }
        for (String kept : wanted.kept()) {
            if (!seen.files().contains(kept)) {
                return Optional.of("the honest file " + kept + " was lost");
            }
        }
        for (String dropped : wanted.dropped()) {
            if (seen.files().contains(dropped)) {
                return Optional.of(dropped + " came out");
            }
        }
        return Optional.empty();
    }
}
