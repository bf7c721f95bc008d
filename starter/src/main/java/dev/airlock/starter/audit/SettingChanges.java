package dev.airlock.starter.audit;

import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.starter.failure.Translations;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes of an installation's settings, each on the audit trail twice: {@code setting.intended} is acknowledged before
 * anything is done, {@code setting.changed} or {@code setting.unchanged} tells what came of it. An intent without either is
 * of a process that died in between.
 */
public final class SettingChanges {
    private final ServerTrail trail;

    public SettingChanges(ServerTrail trail) {
        this.trail = trail;
    }

    /** What is to be done. */
    @FunctionalInterface
    public interface Change<T> {
        T make() throws IOException;
    }

    /**
     * @param setting what kind of thing is changed, such as {@code workspace}
     * @param name which one
     * @param to what it is changed to; no secret
     * @throws dev.airlock.starter.failure.AirlockException with code UNAVAILABLE if Kafka does not acknowledge the intent;
     *     nothing was done then
     */
    public <T> T make(String setting, String name, Principal by, Map<String, Object> to, Change<T> change)
            throws IOException {
        Map<String, Object> data = new TreeMap<>(Map.of("setting", setting, "name", name, "by", by.value()));
        record("setting.intended", with(data, "to", new TreeMap<>(to)));
        boolean done = false;
        try {
            T made = change.make();
            done = true;
            return made;
        } finally {
            record(done ? "setting.changed" : "setting.unchanged", data);
        }
    }

    private static Map<String, Object> with(Map<String, Object> data, String key, Object value) {
        Map<String, Object> more = new TreeMap<>(data);
        more.put(key, value);
        return more;
    }

    private void record(String type, Map<String, Object> data) {
        try {
            trail.record(type, data);
        } catch (PlatformException e) {
            throw Translations.of(e);
        }
    }
}
