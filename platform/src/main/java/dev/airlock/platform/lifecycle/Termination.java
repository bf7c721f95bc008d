package dev.airlock.platform.lifecycle;

import java.util.concurrent.locks.LockSupport;

/** How a process that serves comes to its end. */
public final class Termination {
    private static final int CLOSED = 0;
    private static final int NOT_CLOSED = 2;

    private Termination() {}

    /**
     * Serves until SIGTERM or SIGINT, then closes {@code service} and ends the process: with 0 if that went well, with 2
     * if not. Never returns.
     */
    public static void serve(AutoCloseable service) {
        serve(service, () -> {});
    }

    /**
     * As above.
     *
     * @param announce says that the service is ready; whoever hears it may end the process at once, and in order
     */
    public static void serve(AutoCloseable service, Runnable announce) {
        closeAtTheEnd(service);
        announce.run();
        while (true) {
            LockSupport.park();
        }
    }

    /** As {@link #serve}, for a caller that waits for something else. A {@code System.exit} keeps its own code. */
    public static void closeAtTheEnd(AutoCloseable service) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "termination"));
    }

    private static void end(AutoCloseable service) {
        boolean bySignal = bySignal();
        int code = NOT_CLOSED;
        try {
            service.close();
            code = CLOSED;
        } catch (Exception e) {
            System.err.println("airlock: not everything could be closed: " + e);
        }
        if (bySignal) {
            // Without this the machine would report the signal: an orderly end is no failure.
            Runtime.getRuntime().halt(code);
        }
    }

    /** The JDK ends the process from a thread named after the signal, and waits in it for the hooks. */
    private static boolean bySignal() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .anyMatch(name -> name.startsWith("SIG") && name.endsWith(" handler"));
    }
}
