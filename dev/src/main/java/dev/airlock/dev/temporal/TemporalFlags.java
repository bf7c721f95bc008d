package dev.airlock.dev.temporal;

import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.SearchAttributes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the dev server is started. */
final class TemporalFlags {
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private TemporalFlags() {}

    static List<String> commandLine(StateDirectory state, Path command, int port, int uiPort) {
        List<String> line = new ArrayList<>();
        // In a session of its own a Ctrl-C at the terminal reaches us alone, and we end it after its clients.
        if (Files.isExecutable(SETSID)) {
            line.add(SETSID.toString());
        }
        line.addAll(List.of(command.toString(), "server", "start-dev"));
        line.addAll(List.of("--ip", "127.0.0.1", "--ui-ip", "127.0.0.1"));
        line.addAll(List.of("--port", Integer.toString(port), "--ui-port", Integer.toString(uiPort)));
        line.addAll(List.of("--db-filename", database(state).toString()));
        line.addAll(List.of("--log-level", "warn", "--color", "never"));
        // The user's own profiles and environment must not redirect our server.
        line.addAll(List.of("--disable-config-file", "--disable-config-env"));
        // By default a queue is looked at 20 times a second, so that every hop of a run waits 50 ms for nothing.
        dynamic(line, "history.transferProcessorMaxPollRPS=2000");
        dynamic(line, "history.timerProcessorMaxPollRPS=2000");
        dynamic(line, "system.enableActivityEagerExecution=true");
        line.addAll(List.of("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"));
        for (String name : SearchAttributes.NAMES) {
            line.addAll(List.of("--search-attribute", name + "=Keyword"));
        }
        return List.copyOf(line);
    }

    static Path database(StateDirectory state) {
        return state.temporal().resolve("temporal.db");
    }

    private static void dynamic(List<String> line, String value) {
        line.addAll(List.of("--dynamic-config-value", value));
    }
}
