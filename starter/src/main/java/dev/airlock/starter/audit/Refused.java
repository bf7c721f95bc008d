package dev.airlock.starter.audit;

import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.Translations;
import dev.airlock.workflows.id.Principal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Puts requests that are refused on the audit trail, before the caller learns of it. A run's own trail tells only what it
 * took; who tried in vain would stand nowhere. What could not be found out is no refusal and is not put there.
 */
public final class Refused {
    private static final int LONGEST = 1000;

    private final ServerTrail trail;

    public Refused(ServerTrail trail) {
        this.trail = trail;
    }

    /**
     * Does what was asked for.
     *
     * @param action such as {@code approve}
     * @param subject run or workspace that it is about
     * @throws AirlockException as {@code request} throws it; UNAVAILABLE if that was a refusal that Kafka did not acknowledge
     */
    public <T> T told(String action, String subject, Principal by, Supplier<T> request) {
        try {
            return request.get();
        } catch (AirlockException refusal) {
            if (refusal.code().exitCode() == 1) {
                tell(action, subject, by, refusal);
            }
            throw refusal;
        }
    }

    private void tell(String action, String subject, Principal by, AirlockException refusal) {
        String why = refusal.text();
        Map<String, Object> data = new TreeMap<>(Map.of(
                "action",
                action,
                "subject",
                subject,
                "by",
                by.value(),
                "code",
                refusal.code().name(),
                "detail",
                why.length() > LONGEST ? why.substring(0, LONGEST) : why));
        try {
            trail.record("request.refused", data);
        } catch (PlatformException e) {
            AirlockException unavailable = Translations.of(e);
            unavailable.addSuppressed(refusal);
            throw unavailable;
        }
    }
}
