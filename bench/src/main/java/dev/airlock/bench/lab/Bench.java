package dev.airlock.bench.lab;

import dev.airlock.bench.report.Row;
import java.util.List;
import java.util.Set;

/** Some rows of the table, measured together. */
public interface Bench {
    /** Ids of its rows. */
    Set<String> ids();

    /**
     * Measures those of its rows that are wanted, and leaves nothing behind.
     *
     * @throws Unmeasurable when this machine lacks something
     */
    List<Row> measure(Lab lab) throws Exception;
}
