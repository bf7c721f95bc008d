package dev.airlock.bench.machine;

import dev.airlock.dev.temporal.TemporalCommand;
import dev.airlock.platform.failure.PlatformException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the numbers were taken on.
 *
 * @param load of the last minute, before and after
 * @param versions of everything that took part, by name
 * @param temporal the flags of the Temporal server that both sides ran on; empty when none ran
 */
public record Machine(int cores, long memoryMegabytes, Load load, Map<String, String> versions, List<String> temporal) {
    /** The machine's load average. */
    public record Load(double before, double after) {}

    public Machine {
        versions = new TreeMap<>(versions);
        temporal = List.copyOf(temporal);
    }

    /** The load of the last minute; negative where the system does not tell. */
    public static double loadNow() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** This machine; asks the tools for their versions. */
    public static Machine examined(double loadBefore, List<String> temporalFlags) throws InterruptedException {
        Map<String, String> versions = new TreeMap<>();
        versions.put("java", System.getProperty("java.vm.version"));
        versions.put("kernel", System.getProperty("os.version"));
        ask(versions, "docker", "docker", "version", "--format", "{{.Server.Version}}");
        ask(versions, "runc", "runc", "--version");
        ask(versions, "bubblewrap", "bwrap", "--version");
        try {
            ask(versions, "temporal", TemporalCommand.find().toString(), "--version");
        } catch (PlatformException e) {
            versions.put("temporal", "absent");
        }
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                memory(),
                new Load(loadBefore, loadNow()),
                versions,
                temporalFlags);
    }

    private static void ask(Map<String, String> versions, String name, String tool, String... arguments)
            throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Tool.find(tool).map(Path::toString).orElse(tool));
        command.addAll(List.of(arguments));
        try {
            String first = Tool.run(command).lines().findFirst().orElse("").strip();
            versions.put(name, first.replaceFirst("^(runc|bubblewrap|temporal) (version )?", ""));
        } catch (IOException e) {
            versions.put(name, "absent");
        }
    }

    private static long memory() {
        try (var lines = Files.lines(Path.of("/proc/meminfo"), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("MemTotal:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "machine: %d cores, %d MB, load %.2f before and %.2f after",
                cores,
                memoryMegabytes,
                load.before(),
                load.after()));
        List<String> named = new ArrayList<>();
        versions.forEach((name, version) -> named.add(name + " " + version));
        lines.add("versions: " + String.join(", ", named));
        if (!temporal.isEmpty()) {
            lines.add("Temporal server of both sides: start-dev " + String.join(" ", temporal));
        }
        return List.copyOf(lines);
    }
}
