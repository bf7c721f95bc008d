package dev.airlock.cli;

import dev.airlock.cli.session.Environment;
import dev.airlock.cli.session.Session;

/** The program {@code airlock}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Session session = new Session(Environment.ofProcess(), Clients::connect);
        // Connections need no farewell, and waiting for one would double the time of a short command.
        Runtime.getRuntime().halt(ended(new Program(session).run(arguments)));
    }

    private static int ended(int code) {
        System.out.flush();
        System.err.flush();
        return code;
    }
}
