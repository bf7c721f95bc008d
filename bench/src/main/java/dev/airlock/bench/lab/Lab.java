package dev.airlock.bench.lab;

import dev.airlock.bench.report.Report;
import dev.airlock.platform.lifecycle.Lifecycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a measurement works with: the installation, a scratch directory, and a lifecycle that ends everything when the bench
 * ends, also when it is interrupted.
 */
public final class Lab implements AutoCloseable {
    private final Path home;
    private final int blocks;
    private final Set<String> wanted;
    private final Consumer<String> notices;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Path scratch;
    private final List<Report.Skipped> skipped = new ArrayList<>();
    private List<String> temporalFlags = List.of();

    /**
     * @param home where Airlock is installed
     * @param blocks of each side
     * @param wanted ids of the rows that were asked for
     * @param notices takes a line of progress
     */
    public Lab(Path home, int blocks, Set<String> wanted, Consumer<String> notices) throws IOException {
        this.home = home;
        this.blocks = blocks;
        this.wanted = Set.copyOf(wanted);
        this.notices = notices;
        this.scratch = Files.createTempDirectory("airlock-bench");
        lifecycle.register(this::removeScratch);
    }

    public Path home() {
        return home;
    }

    public int blocks() {
        return blocks;
    }

    /** Whether the row was asked for. */
    public boolean wants(String id) {
        return wanted.contains(id);
    }

    /** Tells a person what comes now. */
    public void say(String line) {
        notices.accept(line);
    }

    /** Notes why a row is missing. */
    public void skip(String id, String why) {
        if (wants(id)) {
            skipped.add(new Report.Skipped(id, why));
        }
    }

    public List<Report.Skipped> skipped() {
        return List.copyOf(skipped);
    }

    /** The flags of the Temporal server that runs are measured on. */
    public List<String> temporalFlags() {
        return temporalFlags;
    }

    public void temporalFlags(List<String> flags) {
        temporalFlags = List.copyOf(flags);
    }

    /** A new directory, removed at the end. */
    public Path scratch(String name) throws IOException {
        return Files.createDirectories(scratch.resolve(name));
    }

    /** Takes charge of what must be ended. */
    public <T extends AutoCloseable> T register(T closeable) {
        return lifecycle.register(closeable);
    }

    private void removeScratch() {
        try (Stream<Path> all = Files.walk(scratch)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch directory " + scratch + " is still there", e);
        }
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
