package dev.airlock.workflows.pipeline;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command and what it runs in.
 *
 * @param argv executed as it is; a pipeline's {@code run} string has become {@code /bin/sh -c STRING}
 * @param image name of a registered image; {@code base} unless the pipeline says otherwise
 * @param network what it may reach; absent is nothing at all
 */
public record CommandSpec(
        List<String> argv,
        String image,
        Limits limits,
        @Nullable Network network) {
    public static final String BASE_IMAGE = "base";

    public CommandSpec {
        argv = List.copyOf(argv);
    }

    /** Without a network. */
    public CommandSpec(List<String> argv, String image, Limits limits) {
        this(argv, image, limits, null);
    }

    /**
     * Defaults: CONTRACT §10.
     *
     * @param cpuMillis thousandths of a processor
     * @param memory bytes for processes, without the disk
     * @param disk bytes of files
     * @param pids processes and threads
     * @param output bytes of output; past it the command is killed
     */
    public record Limits(int cpuMillis, long memory, long disk, int pids, Duration timeout, long output) {
        public static final Limits DEFAULT =
                new Limits(1000, 512L << 20, 256L << 20, 128, Duration.ofMinutes(10), 64L << 20);
    }
}
