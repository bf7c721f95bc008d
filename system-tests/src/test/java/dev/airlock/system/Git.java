package dev.airlock.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** git itself, as somebody with access to the state directory would use it. */
final class Git {
    private final Path repository;

    Git(Airlock airlock, String workspace) {
        this.repository = airlock.state.resolve("workspaces").resolve(workspace + ".git");
    }

    String run(String... words) {
        List<String> command = new ArrayList<>(List.of("git", "--git-dir", repository.toString()));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed");
            }
            return out;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    String tip(String branch) {
        return run("rev-parse", "refs/heads/" + branch);
    }

    Path file(String path) {
        return repository.resolve(path);
    }

    Path looseObject(String id) {
        return repository.resolve("objects").resolve(id.substring(0, 2)).resolve(id.substring(2));
    }
}
