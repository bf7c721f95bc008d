package dev.airlock.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What docker itself says of an installation's sandboxes. */
final class Containers {
    private Containers() {}

    static List<String> of(Airlock airlock) {
        return docker("ps", "-aq", "--filter", label(airlock));
    }

    /** Watches container starts from now on. */
    static Starts watch(Airlock airlock) throws IOException {
        Process events = new ProcessBuilder(
                        "docker",
                        "events",
                        "--filter",
                        label(airlock),
                        "--filter",
                        "event=start",
                        "--format",
                        "{{json .Actor.Attributes}}")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Starts(events);
    }

    /** Starts seen so far. */
    static final class Starts implements AutoCloseable {
        private final Process events;
        private final List<String> seen = new CopyOnWriteArrayList<>();

        private Starts(Process events) {
            this.events = events;
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (BufferedReader lines = events.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(seen::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                // The watch has been closed.
                return;
            }
        }

        /** How many containers of that step were started. */
        long of(String run, String step) {
            return seen.stream()
                    .filter(one -> one.contains("\"" + run + "\"") && one.contains("\"" + step + "\""))
                    .count();
        }

        @Override
        public void close() {
            events.destroy();
        }
    }

    private static String label(Airlock airlock) {
        try {
            return "label=dev.airlock.installation="
                    + Files.readString(airlock.state.resolve("installation")).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> docker(String... words) {
        try {
            List<String> command = new java.util.ArrayList<>(List.of("docker"));
            command.addAll(List.of(words));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                return lines.lines().toList();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
