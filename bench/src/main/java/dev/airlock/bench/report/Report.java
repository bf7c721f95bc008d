package dev.airlock.bench.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.airlock.bench.machine.Machine;
import java.time.Instant;
import java.util.List;

/**
 * Everything that one call measured; also what is kept as JSON.
 *
 * @param blocks of each side
 * @param skipped what was asked for and could not be measured
 */
@JsonPropertyOrder({"schema", "started", "seconds", "blocks", "machine", "rows", "skipped"})
public record Report(
        String schema,
        Instant started,
        long seconds,
        int blocks,
        Machine machine,
        List<Row> rows,
        List<Skipped> skipped) {
    public static final String SCHEMA = "airlock/v1";

    public Report {
        rows = List.copyOf(rows);
        skipped = List.copyOf(skipped);
    }

    /** A row that is not there, and why. */
    public record Skipped(String id, String why) {}
}
