package dev.airlock.activities.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at this machine while hostile programs run: how far its memory fell and its processes rose, and which of them stay. */
final class HostWatch implements Closeable {
    private static final Path PROC = Path.of("/proc");
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
    private static final Pattern TASKS = Pattern.compile("\\d+/(\\d+)");
    private static final long MIB_IN_KIB = 1024;

    private final long memory = availableMiB();
    private final long tasks = tasksNow();
    private final AtomicLong leastMemory = new AtomicLong(memory);
    private final AtomicLong mostTasks = new AtomicLong(tasks);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "host watch");
        thread.setDaemon(true);
        return thread;
    });

    HostWatch() {
        ScheduledFuture<?> unused =
                timer.scheduleAtFixedRate(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        leastMemory.accumulateAndGet(availableMiB(), Math::min);
        mostTasks.accumulateAndGet(tasksNow(), Math::max);
    }

    /** What was seen up to now. */
    HostUse use() {
        look();
        return new HostUse(memory - leastMemory.get(), mostTasks.get() - tasks);
    }

    /** Processes of this machine with that word on their command line. */
    static List<String> processesWith(String word) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                String line = read(process.resolve("cmdline")).replace('\0', ' ');
                if (line.contains(word)) {
                    found.add(process.getFileName() + " " + line.strip());
                }
            }
        } catch (IOException e) {
            return found;
        }
        return found;
    }

    private static long availableMiB() {
        return number(AVAILABLE, read(PROC.resolve("meminfo"))) / MIB_IN_KIB;
    }

    private static long tasksNow() {
        return number(TASKS, read(PROC.resolve("loadavg")));
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
