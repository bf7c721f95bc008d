package dev.airlock.starter.audit;

import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.starter.service.ServerService;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts changes of settings that were made without a server on the audit trail: at once when it starts, and then ever again. */
final class JournalService implements ServerService {
    private static final Logger LOG = LoggerFactory.getLogger(JournalService.class);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final ChangeJournal journal;
    private final ServerTrail trail;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("airlock-change-journal").factory());

    JournalService(ChangeJournal journal, ServerTrail trail) {
        this.journal = journal;
        this.trail = trail;
    }

    @Override
    public void start() {
        Future<?> unused = timer.scheduleWithFixedDelay(this::tell, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tell() {
        try {
            int told = journal.tell(trail);
            if (told > 0) {
                LOG.info("{} changes of settings that were made without a server are on the audit trail now", told);
            }
        } catch (PlatformException | IOException e) {
            LOG.warn("changes of settings are not on the audit trail yet: {}", e.getMessage());
        } catch (RuntimeException e) {
            // The next round must come whatever this one met.
            LOG.error("putting changes of settings on the audit trail failed", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
