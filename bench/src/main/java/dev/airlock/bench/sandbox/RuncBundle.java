package dev.airlock.bench.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.machine.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code runc run} needs: the image's own files as a root, and runc's default configuration with our command. */
final class RuncBundle {
    private final String runc;
    private final Path directory;
    private final Path state;

    private RuncBundle(String runc, Path directory, Path state) {
        this.runc = runc;
        this.directory = directory;
        this.state = state;
    }

    /** Exports the image once. */
    static RuncBundle of(String image, Lab lab) throws IOException, InterruptedException, Unmeasurable {
        String runc = Tool.find("runc")
                .orElseThrow(() -> new Unmeasurable("runc is not installed"))
                .toString();
        Path directory = lab.scratch("runc");
        RuncBundle bundle = new RuncBundle(runc, directory, lab.scratch("runc-state"));
        bundle.export(image);
        bundle.configure();
        return bundle;
    }

    private void export(String image) throws IOException, InterruptedException {
        String container = Tool.run("docker", "create", "--network", "none", image, "/bin/true")
                .strip();
        try {
            Path root = Files.createDirectories(directory.resolve("rootfs"));
            Path archive = directory.resolve("root.tar");
            Tool.run("docker", "export", "-o", archive.toString(), container);
            Tool.run("tar", "-xf", archive.toString(), "-C", root.toString());
            Files.delete(archive);
        } finally {
            Tool.run("docker", "rm", container);
        }
    }

    private void configure() throws IOException, InterruptedException {
        Tool.run(runc, "spec", "--bundle", directory.toString());
        Path file = directory.resolve("config.json");
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = (ObjectNode) json.readTree(Files.readAllBytes(file));
        ObjectNode process = config.withObject("/process");
        process.put("terminal", false);
        ArrayNode arguments = process.putArray("args");
        EngineSteps.COMMAND.forEach(arguments::add);
        Files.write(file, json.writeValueAsBytes(config));
    }

    /** Runs the command in the n-th container; its default has a network namespace of its own. */
    List<String> run(int number) {
        return List.of(
                runc,
                "--root",
                state.toString(),
                "run",
                "--bundle",
                directory.toString(),
                "airlock-bench-" + ProcessHandle.current().pid() + "-" + number);
    }
}
