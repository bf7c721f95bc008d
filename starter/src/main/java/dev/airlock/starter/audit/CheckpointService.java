package dev.airlock.starter.audit;

import dev.airlock.evidence.audit.AuditSource;
import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.evidence.checkpoint.CheckpointRefusedException;
import dev.airlock.evidence.checkpoint.Checkpointer;
import dev.airlock.evidence.checkpoint.Checkpointer.Made;
import dev.airlock.evidence.merkle.SigningKey;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.starter.service.ServerService;
import dev.airlock.workspace.git.SystemRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a checkpoint of the audit topic at every interval in which something was written, and a last one when it is closed.
 * Each is told on the topic as well ({@code checkpoint.signed}), so that a history that was set back shows. Several servers
 * may do this at once. What keeps it from signing is logged, and tried again after the next interval.
 */
public final class CheckpointService implements ServerService {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointService.class);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Supplier<? extends AuditSource> topic;
    private final Path workspaces;
    private final SigningKey key;
    private final String installation;
    private final ServerTrail trail;
    private final Duration interval;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(CheckpointService::thread);
    private String refusal = "";
    private boolean started;

    CheckpointService(
            Supplier<? extends AuditSource> topic,
            Path workspaces,
            SigningKey key,
            String installation,
            ServerTrail trail,
            Duration interval) {
        this.topic = topic;
        this.workspaces = workspaces;
        this.key = key;
        this.installation = installation;
        this.trail = trail;
        this.interval = interval;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "airlock-checkpoints");
        thread.setDaemon(true);
        return thread;
    }

    /** The first one comes soon: the server before may have been killed. */
    @Override
    public void start() {
        started = true;
        long first = Math.min(SOON.toMillis(), interval.toMillis());
        Future<?> unused = timer.scheduleWithFixedDelay(this::make, first, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void make() {
        try (SystemRepository system = SystemRepository.in(workspaces)) {
            Optional<Made> made = new Checkpointer(topic, system, key, installation, Clock.systemUTC()).make();
            made.ifPresent(this::tell);
            refusal = "";
        } catch (CheckpointRefusedException e) {
            refused(String.valueOf(e.getMessage()));
        } catch (PlatformException | IOException e) {
            LOG.warn("no checkpoint of the audit trail now: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("making a checkpoint of the audit trail failed", e);
        }
    }

    private void tell(Made made) {
        LOG.info("checkpoint {} signs {} audit records, {} of them new", made.commit(), made.records(), made.added());
        trail.record(
                "checkpoint.signed", Map.of("commit", made.commit(), "records", made.records(), "added", made.added()));
    }

    /** Told once, not at every interval. */
    private void refused(String why) {
        LOG.error("no checkpoint of the audit trail is signed: {}", why);
        if (!why.equals(refusal)) {
            refusal = why;
            trail.record("checkpoint.refused", Map.of("detail", why));
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        if (started) {
            make();
        }
    }
}
