package dev.airlock.workspace.git;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What the tests of this package share. */
final class Fixtures {
    static final RunId RUN = new RunId("run-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    static final Principal RITA = new Principal("user:rita");
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private Fixtures() {}

    static Path write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    static InputStream stream(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    /** Every entry of a commit's tree by path: content, with {@code x:} before an executable's and {@code l:} before a link's. */
    static Map<String, String> content(WorkspaceRepository repository, CommitId commit) throws IOException {
        Map<String, String> found = new TreeMap<>();
        repository.read(commit, new TreeVisitor() {
            @Override
            public void directory(String path) {
                found.put(path + "/", "");
            }

            @Override
            public void file(String path, boolean executable, long size, ContentSource content) throws IOException {
                try (InputStream in = content.open()) {
                    byte[] bytes = in.readAllBytes();
                    if (bytes.length != size) {
                        throw new IOException("announced " + size + ", got " + bytes.length);
                    }
                    found.put(path, (executable ? "x:" : "") + new String(bytes, StandardCharsets.UTF_8));
                }
            }

            @Override
            public void link(String path, byte[] target) {
                found.put(path, "l:" + new String(target, StandardCharsets.UTF_8));
            }
        });
        return found;
    }

    /** Runs the git command line; its output. */
    static String git(Path directory, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_SYSTEM", "/dev/null");
        for (String who : new String[] {"AUTHOR", "COMMITTER"}) {
            builder.environment().put("GIT_" + who + "_NAME", "Gina");
            builder.environment().put("GIT_" + who + "_EMAIL", "gina@example.org");
        }
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output.strip();
    }
}
