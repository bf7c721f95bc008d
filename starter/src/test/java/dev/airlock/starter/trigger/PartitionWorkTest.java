package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.cloudevent.Incoming;
import dev.airlock.starter.cloudevent.Records;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PartitionWorkTest {
    private static final Duration ENOUGH = Duration.ofSeconds(20);

    private final Map<Long, CountDownLatch> held = new ConcurrentHashMap<>();
    private final List<Long> begun = new CopyOnWriteArrayList<>();
    private final PartitionWork work = new PartitionWork((record, standing) -> {
        begun.add(record.place().offset());
        CountDownLatch gate = held.get(record.place().offset());
        if (gate != null) {
            gate.await();
        }
        return true;
    });

    @Test
    void settlesUpToTheFirstThatIsNot() throws InterruptedException {
        CountDownLatch second = hold(11);
        for (long offset = 10; offset < 14; offset++) {
            work.add(record(offset, null));
        }
        awaitBegun(10, 11, 12, 13);
        Plant.await(() -> work.settled().orElse(-1) == 11, () -> "settled " + work.settled());

        assertThat(work.pending()).as("the ones behind it count too").isEqualTo(3);
        second.countDown();
        work.awaitIdle(ENOUGH);
        assertThat(work.settled()).hasValue(14);
        assertThat(work.pending()).isZero();
    }

    @Test
    void takesRecordsOfAKeyInTheirOrderAndOthersAtOnce() {
        CountDownLatch first = hold(0);
        work.add(record(0, "a"));
        work.add(record(1, "a"));
        work.add(record(2, "b"));
        work.add(record(3, "a"));
        awaitBegun(0, 2);
        assertThat(begun).doesNotContain(1L, 3L);

        first.countDown();
        work.awaitIdle(ENOUGH);
        assertThat(begun).filteredOn(offset -> offset != 2).containsExactly(0L, 1L, 3L);
    }

    @Test
    void isFullByCountAndByBytes() {
        hold(0);
        for (long offset = 0; offset < PartitionWork.MOST_RECORDS - 1; offset++) {
            work.add(record(offset, "a"));
        }
        assertThat(work.isFull()).isFalse();
        work.add(record(PartitionWork.MOST_RECORDS, "a"));
        assertThat(work.isFull()).isTrue();

        PartitionWork large = new PartitionWork((record, standing) -> false);
        large.add(Records.incoming(0, null, new byte[8 << 20]));
        assertThat(large.isFull()).isTrue();
    }

    @Test
    void beginsNothingOnceItIsAbandoned() throws InterruptedException {
        CountDownLatch first = hold(0);
        work.add(record(0, "a"));
        work.add(record(1, "a"));
        awaitBegun(0);

        work.abandon();
        first.countDown();
        work.awaitIdle(ENOUGH);
        work.add(record(2, null));
        work.awaitIdle(ENOUGH);

        assertThat(begun).containsExactly(0L);
        assertThat(work.settled()).as("what was being done counts").hasValue(1);
    }

    @Test
    void endsAWaitWhenItIsAbandoned() {
        CountDownLatch waiting = new CountDownLatch(1);
        PartitionWork patient = new PartitionWork((record, standing) -> {
            waiting.countDown();
            while (standing.wanted()) {
                standing.pause(Duration.ofHours(1));
            }
            return false;
        });
        patient.add(record(0, null));
        Plant.await(() -> waiting.getCount() == 0, () -> "did not begin");

        patient.abandon();
        patient.awaitIdle(ENOUGH);
        assertThat(patient.settled()).isEmpty();
    }

    @Test
    void takesARecordAgainWhoseTakerBroke() {
        AtomicInteger tries = new AtomicInteger();
        PartitionWork broken = new PartitionWork((record, standing) -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("a bug");
            }
            return true;
        });
        broken.add(record(0, "a"));
        broken.add(record(1, "a"));
        broken.awaitIdle(ENOUGH);

        assertThat(broken.settled()).hasValue(2);
        assertThat(tries).hasValue(3);
    }

    private CountDownLatch hold(long offset) {
        CountDownLatch gate = new CountDownLatch(1);
        held.put(offset, gate);
        return gate;
    }

    private void awaitBegun(long... offsets) {
        Plant.await(() -> java.util.Arrays.stream(offsets).allMatch(begun::contains), () -> "only " + begun);
    }

    private static Incoming record(long offset, @Nullable String key) {
        return Records.incoming(offset, key, new byte[1]);
    }
}
