package dev.airlock.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.airlock.bench.events.AuditEventBench;
import dev.airlock.bench.events.TriggerBench;
import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.machine.Machine;
import dev.airlock.bench.processes.RecoveryBench;
import dev.airlock.bench.processes.StartBench;
import dev.airlock.bench.report.Docs;
import dev.airlock.bench.report.Report;
import dev.airlock.bench.report.Row;
import dev.airlock.bench.report.Table;
import dev.airlock.bench.runs.RunBench;
import dev.airlock.bench.sandbox.BubblewrapBench;
import dev.airlock.bench.sandbox.DockerBench;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.lifecycle.Termination;
import dev.airlock.platform.state.AtomicFile;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, and tells. */
@Command(
        name = "airlock bench",
        mixinStandardHelpOptions = true,
        description = "Measure Airlock against the bare tools it stands on, in turn, on this machine.",
        footer = {
            "",
            "Ids, and what each row means: docs/performance.md. Exit code: 0 when everything asked for was measured, whether",
            "the goals were met or not; 2 when not.",
            "",
            "Examples:",
            "  ./airlock bench",
            "  ./airlock bench --only a1,b3 --blocks 1 -o json",
            "  ./airlock bench --blocks 9 --write-docs"
        })
final class BenchCommand implements Callable<Integer> {
    private static final DateTimeFormatter FILE =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** How the answer is written. */
    enum Format {
        TEXT,
        JSON
    }

    @Option(names = "--only", split = ",", paramLabel = "ID", description = "Measure these rows only, such as a1,b3.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(names = "--blocks", paramLabel = "N", defaultValue = "5", description = "Blocks of each side. Default: 5.")
    private int blocks = 5;

    @Option(names = "--results", paramLabel = "DIR", description = "Where the JSON is kept. Default: target/bench.")
    private @Nullable Path results;

    @Option(names = "--write-docs", description = "Put the table into docs/performance.md.")
    private boolean writeDocs;

    @Option(names = "--debug", description = "Show where a failure comes from.")
    @SuppressWarnings("unused") // Errors asks whether it was given
    private boolean debug;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "What is written to stdout.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws Exception {
        List<Bench> benches = List.of(
                new DockerBench(),
                new BubblewrapBench(),
                new RunBench(),
                new AuditEventBench(),
                new TriggerBench(),
                new RecoveryBench(),
                new StartBench());
        Set<String> wanted = wanted(benches);
        Path home = DevEnvironment.home();
        Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        double load = Machine.loadNow();
        Lab lab = new Lab(home, blocks, wanted, line -> System.err.println("airlock: " + line));
        Termination.closeAtTheEnd(lab);
        List<Row> rows = new ArrayList<>();
        for (Bench bench : benches) {
            rows.addAll(measured(bench, lab));
        }
        Report report = new Report(
                Report.SCHEMA,
                started,
                Duration.between(started, Instant.now()).toSeconds(),
                blocks,
                Machine.examined(load, lab.temporalFlags()),
                rows,
                lab.skipped());
        lab.close();
        tell(report, home);
        return report.skipped().isEmpty() ? 0 : 2;
    }

    private Set<String> wanted(List<Bench> benches) {
        Set<String> known = new TreeSet<>();
        benches.forEach(bench -> known.addAll(bench.ids()));
        if (blocks < 1) {
            throw usage("--blocks " + blocks + " measures nothing", "take 1 or more");
        }
        for (String id : only) {
            if (!known.contains(id)) {
                throw usage("there is no row " + id, "take some of " + String.join(",", known));
            }
        }
        return only.isEmpty() ? known : only;
    }

    private static PlatformException usage(String message, String hint) {
        return PlatformException.of(PlatformException.Code.USAGE, message, "bench", hint);
    }

    private static List<Row> measured(Bench bench, Lab lab) throws Exception {
        List<String> here = bench.ids().stream().filter(lab::wants).sorted().toList();
        if (here.isEmpty()) {
            return List.of();
        }
        try {
            return bench.measure(lab);
        } catch (Unmeasurable | PlatformException e) {
            here.forEach(id -> lab.skip(id, String.valueOf(e.getMessage())));
            return List.of();
        }
    }

    private void tell(Report report, Path home) throws IOException {
        ObjectMapper mapper = Payloads.mapper();
        Path directory = results == null ? home.resolve("target/bench") : results;
        Files.createDirectories(directory);
        Path file = directory.resolve("bench-" + FILE.format(report.started()) + ".json");
        AtomicFile.write(file, mapper.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(report));
        if (writeDocs) {
            Docs.write(home.resolve("docs/performance.md"), report);
        }
        System.out.print(format == Format.JSON ? mapper.writeValueAsString(report) + "\n" : Table.text(report));
        System.err.println("airlock: kept in " + file);
    }
}
