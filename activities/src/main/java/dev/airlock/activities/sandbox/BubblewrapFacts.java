package dev.airlock.activities.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What bubblewrap can do here, for who wants to know whether it will do.
 *
 * @param version as it says it
 * @param recent whether that isolates enough
 * @param refusal what a sandbox that was tried said instead of starting; absent when it started
 */
public record BubblewrapFacts(
        Path program,
        String version,
        boolean recent,
        @Nullable String refusal) {
    private static final List<String> TRIAL = List.of(
            "--unshare-user",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-ipc",
            "--unshare-uts",
            "--ro-bind",
            "/",
            "/",
            "--proc",
            "/proc",
            "--tmpfs",
            "/tmp",
            "--",
            "/bin/true");

    /**
     * Looks, and makes a sandbox of the kind that is needed around a program that does nothing.
     *
     * @param limit how long that may take
     * @return empty when it is not installed
     */
    public static Optional<BubblewrapFacts> read(Duration limit) throws IOException {
        Optional<Path> program = BubblewrapTools.onPath("bwrap");
        if (program.isEmpty()) {
            return Optional.empty();
        }
        String version =
                said(List.of(program.get().toString(), "--version"), limit).text();
        List<String> trial = new ArrayList<>(List.of(program.get().toString()));
        trial.addAll(TRIAL);
        Said said = said(trial, limit);
        String refusal = said.ok() ? null : said.text().isEmpty() ? "it did not start" : said.text();
        return Optional.of(new BubblewrapFacts(program.get(), version, BubblewrapTools.isolates(version), refusal));
    }

    /** Which version of cgroups the limits of a sandbox can be set in; empty when none can be made here. Tries it. */
    public static Optional<Integer> cgroups() throws IOException {
        return Cgroups.usable().map(Cgroups::version);
    }

    private record Said(boolean ok, String text) {}

    private static Said said(List<String> command, Duration limit) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Said(false, "it did not end within " + limit.toSeconds() + " s");
            }
            String text = new String(process.getInputStream().readNBytes(2_000), StandardCharsets.UTF_8).strip();
            return new Said(process.exitValue() == 0, text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Said(false, "it was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }
}
