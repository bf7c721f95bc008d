package dev.airlock.activities.output;

import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.workflows.id.StepAttempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes output on to the output topic, by one thread of its own.
 *
 * <p>Memory holds what is on its way and no more: an outage of Kafka only leaves the thread behind, and it goes on reading the
 * files where Kafka's last acknowledgement was. So does the next process. Delivery is at least once, in order up to repeats;
 * see {@link OutputRecord}.
 */
public final class KafkaOutputPublisher implements OutputPublisher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaOutputPublisher.class);
    private static final long IN_FLIGHT = 4L << 20;
    private static final int FEEDS = 1000;
    private static final long PAUSE_MILLIS = 1000;
    private static final Duration FAREWELL = Duration.ofMillis(1500);
    /** Nobody comes back to a command that was not ended in so long. */
    private static final Duration FORGOTTEN = Duration.ofDays(7);

    private final KafkaClients kafka;
    private final String topic;
    private final String installation;
    private final OutputDirectory directory;
    private final Map<StepAttempt, AttemptFeed> feeds = new ConcurrentHashMap<>();
    private final Semaphore news = new Semaphore(0);
    private final AtomicLong inFlight = new AtomicLong();
    private final Thread thread;
    private @Nullable Producer<String, byte[]> producer;
    private volatile boolean troubled;
    private volatile boolean leftOut;
    private volatile boolean closing;
    private volatile boolean outage;
    private volatile long closed;

    /** Connects when there is something to pass on. */
    public KafkaOutputPublisher(KafkaClients kafka, String topic, String installation, OutputDirectory directory) {
        this.kafka = kafka;
        this.topic = topic;
        this.installation = installation;
        this.directory = directory;
        this.thread = Thread.ofPlatform().daemon().name("output publisher").unstarted(this::work);
    }

    /** Begins with what earlier processes left. */
    public KafkaOutputPublisher start() {
        leftOut = true;
        thread.start();
        return this;
    }

    @Override
    public Feed of(StepAttempt at) {
        return new Feed() {
            @Override
            public void begin() {
                quietly(at, () -> feed(at));
            }

            @Override
            public void grown(long length) {
                quietly(at, () -> feed(at).grown(length));
            }

            @Override
            public void ended() {
                quietly(at, () -> end(at));
            }
        };
    }

    /** What a feed does with its files. */
    @FunctionalInterface
    private interface Act {
        void run() throws IOException;
    }

    private void quietly(StepAttempt at, Act act) {
        try {
            act.run();
        } catch (IOException e) {
            LOG.warn("the output of {} {} is not passed on: {}", at.run(), at.label(), e.toString());
        }
        news.release();
    }

    private AttemptFeed feed(StepAttempt at) throws IOException {
        AttemptFeed known = feeds.get(at);
        if (known != null) {
            return known;
        }
        AttemptFeed opened = AttemptFeed.open(at, directory);
        AttemptFeed faster = feeds.putIfAbsent(at, opened);
        return faster == null ? opened : faster;
    }

    private void end(StepAttempt at) throws IOException {
        if (!feeds.containsKey(at) && !Files.exists(directory.progress(at))) {
            return;
        }
        feed(at).ended();
        // Its file on disk says all that is needed to go on later.
        if (feeds.size() > FEEDS) {
            feeds.remove(at);
            leftOut = true;
        }
    }

    private void work() {
        while (!isClosed()) {
            if (leftOut && feeds.size() <= FEEDS / 2) {
                leftOut = false;
                takeUp();
            }
            boolean sent = false;
            for (AttemptFeed feed : feeds.values()) {
                sent |= turn(feed);
            }
            pause(sent);
        }
        feeds.values().forEach(feed -> quietly(feed.at(), () -> feed.save(true)));
    }

    /** Once told to, and when there is nothing left to do or no time. */
    private boolean isClosed() {
        return closing
                && (System.nanoTime() - closed >= 0 || feeds.values().stream().allMatch(AttemptFeed::isIdle));
    }

    private void pause(boolean busy) {
        try {
            if (troubled) {
                troubled = false;
                Thread.sleep(PAUSE_MILLIS);
            } else if (!busy && news.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            closed = System.nanoTime();
            closing = true;
        }
    }

    private boolean turn(AttemptFeed feed) {
        try {
            boolean sent = inFlight.get() < IN_FLIGHT && !troubled && feed.send(this::send);
            if (feed.isOver()) {
                feeds.remove(feed.at(), feed);
                feed.forget();
            } else {
                feed.save(false);
            }
            return sent;
        } catch (NoSuchFileException e) {
            // It was removed together with its run.
            feeds.remove(feed.at(), feed);
            quietly(feed.at(), feed::forget);
            return false;
        } catch (IOException e) {
            // Whoever has more of it, and the next process, tries again; others must not wait for it.
            LOG.warn(
                    "the output of {} {} cannot be read: {}",
                    feed.at().run(),
                    feed.at().label(),
                    e.toString());
            feeds.remove(feed.at(), feed);
            return false;
        }
    }

    private void send(OutputRecord record, int bytes, AttemptFeed.Result result) {
        inFlight.addAndGet(bytes);
        try {
            Future<?> unused = open().send(record.toKafka(topic, installation), (metadata, failure) -> {
                answered(bytes, failure);
                result.known(failure == null);
                news.release();
            });
        } catch (RuntimeException e) {
            answered(bytes, e);
            result.known(false);
        }
    }

    private void answered(int bytes, @Nullable Exception failure) {
        inFlight.addAndGet(-bytes);
        boolean before = outage;
        outage = failure != null;
        if (failure == null) {
            return;
        }
        troubled = true;
        if (!before) {
            LOG.warn(
                    "Kafka at {} does not take output, which stays here and is sent later: {}",
                    kafka.bootstrap(),
                    failure.toString());
        }
    }

    private Producer<String, byte[]> open() {
        if (producer == null) {
            producer = kafka.producer("airlock-output");
        }
        return producer;
    }

    /** What earlier processes, or busier times, left to be passed on. */
    private void takeUp() {
        try {
            for (StepAttempt at : directory.unpublished()) {
                if (feeds.size() >= FEEDS) {
                    leftOut = true;
                    return;
                }
                takeUp(at);
            }
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be read, so output of earlier commands is not passed on: {}",
                    directory.root(),
                    e.toString());
        }
    }

    private void takeUp(StepAttempt at) throws IOException {
        Path file = directory.progress(at);
        Progress progress = Progress.read(file).orElse(Progress.NOTHING);
        if (progress.ended()) {
            feed(at);
        } else if (!feeds.containsKey(at)
                && Files.exists(file)
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(Instant.now().minus(FORGOTTEN))) {
            Files.deleteIfExists(file);
        }
    }

    /** Waits a moment for what is on its way; the rest is for the next process. */
    @Override
    public void close() {
        closed = System.nanoTime() + FAREWELL.toNanos();
        closing = true;
        news.release();
        try {
            thread.join(FAREWELL.multipliedBy(2));
            thread.interrupt();
            thread.join(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (producer != null) {
            try {
                producer.close(Duration.ZERO);
            } catch (KafkaException e) {
                LOG.debug("the producer of output was closed in haste", e);
            }
        }
    }
}
