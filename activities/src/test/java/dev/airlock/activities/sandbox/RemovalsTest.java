package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RemovalsTest {
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Test
    void returnsAtOnceAndLetsWhoAsksForTheNameWait() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        Removals removals = new Removals();
        removals.begin("one", () -> {
            passes(gate);
            events.add("gone");
        });

        removals.await("another");
        assertThat(events).isEmpty();
        Thread asking = Thread.ofVirtual().start(() -> {
            removals.await("one");
            events.add("asked");
        });
        gate.countDown();
        asking.join();
        assertThat(events).containsExactly("gone", "asked");
        removals.close();
    }

    @Test
    void forgetsWhatCouldNotBeRemoved() {
        Removals removals = new Removals();
        removals.begin("one", () -> {
            throw new IOException("no daemon");
        });
        removals.awaitAll();
        removals.await("one");
        removals.close();
    }

    @Test
    void waitsAtItsEndForWhatWasBegun() {
        Removals removals = new Removals();
        for (int i = 0; i < 20; i++) {
            removals.begin("name" + i, () -> events.add("gone"));
        }
        removals.close();
        assertThat(events).hasSize(20);
    }

    private static void passes(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
