package dev.airlock.cli.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A picture on a terminal that is drawn over itself. It never scrolls, never wraps and never hides the cursor, which stands
 * below it: whatever ends the program leaves a terminal that can be used. Safe for several threads.
 */
public final class Screen {
    private static final String ESCAPE = "\u001b[";
    private static final long SIZE_HOLDS = TimeUnit.SECONDS.toNanos(1);

    private final Environment environment;
    private TerminalSize size;
    private long sized;
    private List<Integer> drawn = List.of();
    private String shown = "";
    private boolean ended;

    public Screen(Environment environment) {
        this.environment = environment;
        this.size = environment.size();
        this.sized = System.nanoTime();
    }

    /** Puts the picture in the place of the one before. */
    public synchronized void draw(Consumer<Text> picture) {
        if (ended) {
            return;
        }
        TerminalSize before = size;
        if (System.nanoTime() - sized > SIZE_HOLDS) {
            size = environment.size();
            sized = System.nanoTime();
        }
        Text text = new Text(environment.colours(), size.columns() - 1);
        picture.accept(text);
        List<String> lines = fitting(text.toString().lines().toList());
        String next = String.join("\n", lines);
        if (next.equals(shown) && size.equals(before)) {
            return;
        }
        StringBuilder out = new StringBuilder(up());
        lines.forEach(line -> out.append(line).append(ESCAPE + "K\n"));
        out.append(ESCAPE + "J");
        environment.out().print(out);
        environment.out().flush();
        shown = next;
        drawn = lines.stream().map(Screen::columns).toList();
    }

    /** The picture stays as it is; what is written from now on stands below it. */
    public synchronized void end() {
        ended = true;
    }

    /** A terminal that has become narrower has broken the old lines. */
    private String up() {
        int rows = drawn.stream()
                .mapToInt(columns -> Math.max(1, Math.ceilDiv(columns, size.columns())))
                .sum();
        return rows == 0 ? "" : "\r" + ESCAPE + Math.min(rows, size.lines()) + "A";
    }

    /** Of a picture that is too tall its start and its end. */
    private List<String> fitting(List<String> lines) {
        int most = Math.max(3, size.lines() - 1);
        if (lines.size() <= most) {
            return lines;
        }
        List<String> fit = new ArrayList<>(lines.subList(0, 2));
        fit.add("  …");
        fit.addAll(lines.subList(lines.size() - (most - 3), lines.size()));
        return fit;
    }

    private static int columns(String line) {
        return Columns.of(line.replaceAll("\u001b\\[[0-9;]*m", ""));
    }
}
