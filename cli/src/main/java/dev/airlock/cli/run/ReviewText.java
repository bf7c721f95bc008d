package dev.airlock.cli.run;

import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.starter.review.ReviewFile;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.validate.Finding;
import java.util.List;

/** A review for people. */
final class ReviewText {
    private static final int TAIL_LINES = 20;

    private ReviewText() {}

    static void write(ReviewFile review, Text text) {
        Evidence document = review.document();
        text.line(Colour.STRONG, review.run() + "  " + review.state());
        text.line("  evidence  " + review.evidence());
        text.line("  change    " + document.workspace() + "/" + document.branch() + " " + document.base() + ".."
                + document.candidate());
        text.line("  tree      " + document.tree());
        text.line("  pipeline  " + document.pipeline());
        if (document.egress() != null) {
            text.line("  egress    " + document.egress());
        }
        text.line("");
        findings(review.findings(), text);
        review.tests().forEach(test -> test(test, text));
        text.line("");
        review.diff().lines().forEach(line -> text.line(colour(line), line));
        text.line("");
        text.line(Colour.FAINT, "airlock approve " + review.run() + " --evidence " + review.evidence());
    }

    private static void findings(List<Finding> findings, Text text) {
        if (findings.isEmpty()) {
            text.line(Colour.GOOD, "no findings");
            return;
        }
        text.line(Colour.WAITING, findings.size() == 1 ? "1 finding" : findings.size() + " findings");
        for (Finding finding : findings) {
            String place = finding.path() == null
                    ? ""
                    : finding.path() + (finding.line() == null ? "" : ":" + finding.line()) + "  ";
            Colour colour = finding.severity() == Finding.Severity.BLOCK ? Colour.BAD : Colour.WAITING;
            text.line(colour, "  " + finding.severity() + "  " + finding.rule() + "  " + place + finding.message());
        }
    }

    private static void test(ReviewFile.Test test, Text text) {
        Colour colour = test.exitCode() == 0 ? Colour.GOOD : Colour.BAD;
        text.line(
                colour,
                test.step() + "/" + test.attempt() + "  exit code " + test.exitCode() + " in " + test.engine() + " ("
                        + test.tier() + ")");
        if (test.tail() == null) {
            text.line(Colour.FAINT, "  its output is no longer kept");
            return;
        }
        List<String> lines = test.tail().lines().toList();
        lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())
                .forEach(line -> text.line(Colour.FAINT, "  " + line));
    }

    private static Colour colour(String line) {
        if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("diff ")) {
            return Colour.STRONG;
        }
        if (line.startsWith("@@")) {
            return Colour.MARK;
        }
        if (line.startsWith("+")) {
            return Colour.GOOD;
        }
        return line.startsWith("-") ? Colour.BAD : Colour.PLAIN;
    }
}
