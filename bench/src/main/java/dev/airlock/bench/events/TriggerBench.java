package dev.airlock.bench.events;

import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.processes.Launched;
import dev.airlock.bench.report.Row;
import dev.airlock.platform.state.StateDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** From a record on Kafka to the first workflow task of its run (c), and how many runs one server starts a second (t). */
public final class TriggerBench implements Bench {
    @Override
    public Set<String> ids() {
        return Set.of("c", "t");
    }

    @Override
    public List<Row> measure(Lab lab) throws Exception {
        StateDirectory state = new StateDirectory(lab.scratch("trigger"));
        try (Launched dev = lab.register(Launched.airlock(lab.home(), state, "dev", "--no-worker", "--no-server"));
                Launched server = lab.register(Launched.airlock(lab.home(), state, "server"));
                TriggerSite site = TriggerSite.open(lab, state, dev, server)) {
            List<Row> rows = new ArrayList<>();
            try {
                if (lab.wants("c")) {
                    rows.addAll(FirstTaskLatency.measure(lab, site));
                }
            } catch (Unmeasurable e) {
                lab.skip("c", String.valueOf(e.getMessage()));
            }
            // The worker of c has gone: what is started now stays.
            try {
                if (lab.wants("t")) {
                    rows.addAll(StartRate.measure(lab, site));
                }
            } catch (Unmeasurable e) {
                lab.skip("t", String.valueOf(e.getMessage()));
            }
            return rows;
        }
    }
}
