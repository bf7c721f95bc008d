package dev.airlock.cli.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * The signals that ask a process to end.
 *
 * <p>The machine's own answer is to begin its shutdown, in which hooks of all libraries run at once and none may start
 * anything any more: no ground to undo things on in order. So these are taken before that. The class that does it is
 * supported but not part of Java SE, and the compiler warns of it by name; hence by reflection.
 */
public final class Signals {
    private static final String[] NAMES = {"INT", "TERM", "HUP"};

    private Signals() {}

    /** Calls {@code told}, in a thread of its own, at each of them that is not ignored. */
    public static void onEnd(Runnable told) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            told.run();
                        }
                        return null;
                    });
            Object ignored = handler.getField("SIG_IGN").get(null);
            Method handle = signal.getMethod("handle", signal, handler);
            for (String name : NAMES) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                // Whoever started us with nohup means it.
                if (handle.invoke(null, one, ours) == ignored) {
                    handle.invoke(null, one, ignored);
                }
            }
        } catch (ClassNotFoundException
                | NoSuchFieldException
                | NoSuchMethodException
                | IllegalAccessException
                | InstantiationException
                | InvocationTargetException e) {
            Runtime.getRuntime().addShutdownHook(new Thread(told, "stop"));
        }
    }
}
