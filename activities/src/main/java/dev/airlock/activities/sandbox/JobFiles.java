package dev.airlock.activities.sandbox;

import dev.airlock.activities.output.OutputDirectory;
import dev.airlock.platform.state.AtomicFile;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What this host keeps of a job: the output as it comes, and the result once all of it is durable. The output's file is made
 * before the command is started, so where it is, the command may have run.
 */
final class JobFiles {
    private final Path output;
    private final Path result;
    private final Path egress;

    /** @param directory {@code DIR/output} */
    JobFiles(Path directory, StepAttempt at) {
        this.output = new OutputDirectory(directory).file(at);
        this.result = output.resolveSibling(at.attempt() + ".result.json");
        this.egress = output.resolveSibling(at.attempt() + ".egress.jsonl");
    }

    Path output() {
        return output;
    }

    /** Where it is noted what the command asks for on the network. */
    Path egress() throws IOException {
        Files.createDirectories(directory());
        return egress;
    }

    private Path directory() throws IOException {
        Path directory = output.getParent();
        if (directory == null) {
            throw new IOException("no directory above " + output);
        }
        return directory;
    }

    boolean mayHaveRun() {
        return Files.exists(output);
    }

    void begin() throws IOException {
        Path directory = directory();
        Files.createDirectories(directory);
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            parent.force(true);
        }
    }

    /** How many bytes are here already. */
    long length() throws IOException {
        return mayHaveRun() ? Files.size(output) : 0;
    }

    /** At its place: whoever writes the same window again changes nothing. */
    void write(long offset, ByteBuffer window) throws IOException {
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long at = offset;
            while (window.hasRemaining()) {
                at += channel.write(window, at);
            }
        }
    }

    /** @throws SandboxException {@code CORRUPT} when the file is not as long as the command's output */
    void requireLength(long total) throws IOException {
        if (length() != total) {
            throw new SandboxException(
                    FailureType.CORRUPT,
                    output + " has " + length() + " bytes, but the command wrote " + total
                            + "; somebody else wrote to it: retry the step");
        }
    }

    Optional<SandboxResult> result() throws IOException {
        try {
            return Optional.of(Payloads.mapper().readValue(Files.readAllBytes(result), SandboxResult.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** From here on the sandbox is not needed any more. */
    void keep(SandboxResult value) throws IOException {
        AtomicFile.write(
                result, Payloads.mapper().writerFor(SandboxResult.class).writeValueAsBytes(value));
    }
}
