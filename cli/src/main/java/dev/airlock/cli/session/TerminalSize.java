package dev.airlock.cli.session;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Columns and lines of the terminal. */
public record TerminalSize(int columns, int lines) {
    private static final TerminalSize USUAL = new TerminalSize(80, 24);
    private static final int LONGEST_ANSWER_MILLIS = 500;

    /** By {@code COLUMNS} and {@code LINES} where they are set, else by what the terminal itself says. */
    static TerminalSize of(Environment environment) {
        int columns = number(environment.variable("COLUMNS"));
        int lines = number(environment.variable("LINES"));
        if (columns > 0 && lines > 0) {
            return new TerminalSize(columns, lines);
        }
        TerminalSize asked = environment.terminals().out() ? ask() : USUAL;
        return new TerminalSize(columns > 0 ? columns : asked.columns(), lines > 0 ? lines : asked.lines());
    }

    /** There is no call for it in Java; {@code stty} answers in a few milliseconds. */
    private static TerminalSize ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(LONGEST_ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return USUAL;
            }
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String[] words = answer.strip().split(" ");
            int columns = words.length == 2 ? number(words[1]) : 0;
            return columns > 0 ? new TerminalSize(columns, Math.max(2, number(words[0]))) : USUAL;
        } catch (IOException e) {
            return USUAL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    }
}
