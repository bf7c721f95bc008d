package dev.airlock.cli.sandbox;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.hostile.HostileSuite;
import dev.airlock.activities.hostile.Verdict;
import dev.airlock.cli.sandbox.SelftestCommand.Answer;
import dev.airlock.cli.sandbox.SelftestCommand.ControlAnswer;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import java.util.ArrayList;
import java.util.List;

/** What a selftest came to, for people: a table of groups, all that was not contained, and the verdict. */
final class SelftestText {
    private final List<CaseResult> cases;
    private final List<HostileSuite.Group> groups;

    SelftestText(List<CaseResult> cases, List<HostileSuite.Group> groups) {
        this.cases = cases;
        this.groups = groups;
    }

    void write(Text text, Answer answer) {
        groups(text);
        others(text);
        for (String left : answer.left()) {
            text.line(Colour.BAD, "left behind: " + left);
        }
        text.line("");
        text.line(answer.ok() ? Colour.GOOD : Colour.BAD, verdict(answer));
    }

    void writeControl(Text text, ControlAnswer answer) {
        groups(text);
        others(text);
        text.line("");
        text.line(answer.breached() + " of " + answer.cases().size() + " get through a plain container of docker "
                + answer.docker());
    }

    private void groups(Text text) {
        List<List<String>> rows = new ArrayList<>();
        for (HostileSuite.Group group : groups) {
            List<CaseResult> own = cases.stream()
                    .filter(one -> one.group().equals(group.name()))
                    .toList();
            if (!own.isEmpty()) {
                rows.add(List.of(
                        group.name(),
                        Integer.toString(own.size()),
                        count(own, Verdict.CONTAINED),
                        count(own, Verdict.BREACHED),
                        count(own, Verdict.EXCEPTION),
                        count(own, Verdict.UNSUPPORTED)));
            }
        }
        text.table(List.of("GROUP", "CASES", "CONTAINED", "BREACHED", "EXCEPTIONS", "UNSUPPORTED"), rows);
    }

    private void others(Text text) {
        List<List<String>> rows = new ArrayList<>();
        List<Colour> colours = new ArrayList<>();
        for (CaseResult one : cases) {
            if (one.verdict() != Verdict.CONTAINED) {
                String reason = one.reason() == null ? "" : " (" + one.reason() + ")";
                rows.add(List.of(one.verdict().word(), one.name(), one.detail() + reason));
                colours.add(colour(one.verdict()));
            }
        }
        if (!rows.isEmpty()) {
            text.line("");
            text.rows(rows, colours);
        }
    }

    private static Colour colour(Verdict verdict) {
        return switch (verdict) {
            case CONTAINED -> Colour.GOOD;
            case BREACHED, UNKNOWN -> Colour.BAD;
            case EXCEPTION -> Colour.WAITING;
            case UNSUPPORTED -> Colour.FAINT;
        };
    }

    private static String count(List<CaseResult> cases, Verdict verdict) {
        long count = cases.stream().filter(one -> one.verdict() == verdict).count();
        return count == 0 ? "" : Long.toString(count);
    }

    private static String verdict(Answer answer) {
        String who = answer.engine().name() + " with " + answer.engine().runtime();
        if (answer.ok()) {
            return answer.contained() + " of " + answer.cases().size() + " contained by " + who
                    + (answer.exceptions() > 0 ? ", " + answer.exceptions() + " known exceptions" : "")
                    + (answer.unsupported() > 0 ? ", " + answer.unsupported() + " not to be tried here" : "");
        }
        if (answer.breached() > 0) {
            return answer.breached() + " got through " + who;
        }
        if (!answer.left().isEmpty()) {
            return who + " left something behind";
        }
        return answer.unknown() > 0
                ? answer.unknown() + " could not be tried: " + who + " failed"
                : "this machine was used too much: memory fell by "
                        + answer.host().memoryMiB() + " MiB, and "
                        + answer.host().tasks() + " processes and threads were added";
    }
}
