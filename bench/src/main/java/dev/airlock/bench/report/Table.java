package dev.airlock.bench.report;

import java.util.ArrayList;
import java.util.List;

/** The report for people. */
public final class Table {
    private static final List<String> HEADS =
            List.of("id", "ours", "median", "best", "against", "median", "best", "ratio", "goal", "");

    private Table() {}

    /** Columns, as wide as they need. */
    public static String text(Report report) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEADS);
        report.rows().forEach(row -> lines.add(cells(row)));
        int[] widths = new int[HEADS.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder one = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                one.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            text.append(one.toString().stripTrailing()).append('\n');
        }
        report.skipped()
                .forEach(one -> text.append(one.id())
                        .append("  not measured: ")
                        .append(one.why())
                        .append('\n'));
        text.append('\n');
        report.machine().lines().forEach(line -> text.append(line).append('\n'));
        text.append("blocks of each side: ").append(report.blocks()).append('\n');
        return text.toString();
    }

    /** The same for docs/performance.md. */
    public static String markdown(Report report) {
        StringBuilder text = new StringBuilder();
        text.append("Taken ")
                .append(report.started().toString(), 0, 10)
                .append(", ")
                .append(report.blocks())
                .append(" blocks of each side, in ")
                .append(report.seconds())
                .append(" s.\n\n");
        text.append("| ").append(String.join(" | ", HEADS.subList(0, 9))).append(" | met |\n");
        text.append("|").append("---|".repeat(HEADS.size())).append('\n');
        report.rows()
                .forEach(row ->
                        text.append("| ").append(String.join(" | ", cells(row))).append(" |\n"));
        report.skipped()
                .forEach(one -> text.append("\nNot measured: ")
                        .append(one.id())
                        .append(", ")
                        .append(one.why())
                        .append(".\n"));
        text.append('\n');
        report.machine().lines().forEach(line -> text.append("- ").append(line).append('\n'));
        return text.toString();
    }

    private static List<String> cells(Row row) {
        Goal goal = row.goal();
        return List.of(
                row.id(),
                row.ours().what(),
                number(row.ours(), row.ours().median()),
                Numbers.text(row.ours().best()),
                row.baseline().what(),
                number(row.baseline(), row.baseline().median()),
                Numbers.text(row.baseline().best()),
                Numbers.text(row.ratio()) + "x",
                goal == null ? "" : goal.text(),
                row.met() == null ? "" : row.met() ? "yes" : "no");
    }

    private static String number(Measured side, double number) {
        return Numbers.text(number) + " " + side.unit();
    }
}
