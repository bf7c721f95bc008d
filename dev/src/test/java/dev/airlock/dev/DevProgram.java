package dev.airlock.dev;

import dev.airlock.platform.lifecycle.Termination;
import dev.airlock.platform.logging.Logs;
import dev.airlock.platform.state.StateDirectory;
import java.nio.file.Path;
import java.util.Optional;

/** The servers in a process of their own, for tests to kill. */
final class DevProgram {
    private DevProgram() {}

    public static void main(String[] arguments) {
        StateDirectory state = new StateDirectory(Path.of(arguments[0]));
        Logs.toFile(state.create(), "dev");
        DevEnvironment environment = DevEnvironment.start(
                new DevOptions(state, new TemporalChoice.Real(), Optional.empty()), System.err::println);
        Termination.serve(
                environment, () -> System.out.println(environment.announce(null).line()));
    }
}
