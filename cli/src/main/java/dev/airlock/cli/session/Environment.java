package dev.airlock.cli.session;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the process was started in.
 *
 * @param out where answers go
 * @param err where all else goes
 */
public record Environment(
        Map<String, String> variables, InputStream in, PrintStream out, PrintStream err, Terminals terminals) {
    public Environment {
        variables = Map.copyOf(variables);
    }

    /** Which of the three streams are terminals. */
    public record Terminals(boolean in, boolean out, boolean err) {
        public static final Terminals NONE = new Terminals(false, false, false);
    }

    /** This process's own. */
    public static Environment ofProcess() {
        return new Environment(
                System.getenv(),
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                new Terminals(isTerminal(0), isTerminal(1), isTerminal(2)));
    }

    /** A variable's value, empty when it is not set. */
    public String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /** Writes to {@link #out}. */
    public PrintWriter printer() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    /** Writes to {@link #err}. */
    public PrintWriter printerOfErrors() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }

    /**
     * Colours are for terminals, and not for those who said no (no-color.org); {@code CLICOLOR_FORCE} wants them in a pipe too,
     * as for {@code less -R}.
     */
    public boolean colours() {
        if (!variable("NO_COLOR").isEmpty()) {
            return false;
        }
        String forced = variable("CLICOLOR_FORCE");
        boolean wanted = !forced.isEmpty() && !forced.equals("0");
        return wanted || redraws();
    }

    /** Whether lines on stdout can be written over. */
    public boolean redraws() {
        return terminals.out() && !isDumb();
    }

    private boolean isDumb() {
        return variable("TERM").equals("dumb");
    }

    /** How large the terminal is now. */
    public TerminalSize size() {
        return TerminalSize.of(this);
    }

    /** Answers are UTF-8 whatever the locale says; each write goes out at once, so that a reader may follow. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        OutputStream raw = new FileOutputStream(descriptor);
        return new PrintStream(raw, true, StandardCharsets.UTF_8);
    }

    /**
     * By the descriptor's own link, since asking {@link System#console()} loads a line editor of half a second; where there is no /proc,
     * nothing counts as a terminal.
     */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
