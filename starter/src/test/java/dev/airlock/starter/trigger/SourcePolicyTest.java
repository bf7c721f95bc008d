package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.settings.Settings;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.push.PushRequest.Content;
import dev.airlock.starter.trigger.TriggerConfig.Unnamed;
import dev.airlock.workflows.id.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourcePolicyTest {
    private static final Map<String, String> RULES = Map.of(
            "trigger.source.billing.uri", "https://billing.example/*",
            "trigger.source.billing.start", "orders payments/nightly",
            "trigger.source.billing.authors", "service:billing",
            "trigger.source.probe.uri", "https://billing.example/probe",
            "trigger.source.probe.events", "orders");

    @Test
    void lets() {
        assertAllowed(RULES, "https://billing.example/17", "orders", null, "service:billing");
        assertAllowed(RULES, "https://billing.example/17", "orders", "nightly", "service:billing");
        assertAllowed(RULES, "https://billing.example/17", "payments", "nightly", "service:billing");
        assertAllowed(RULES, "https://unnamed.example/", "anything", null, "user:anna");
    }

    @Test
    void refuses() {
        assertRefused(RULES, "https://billing.example/17", "payments", null, "service:billing", "payments/default");
        assertRefused(RULES, "https://billing.example/17", "other", null, "service:billing", "may not start other");
        assertRefused(RULES, "https://billing.example/17", "orders", null, "user:rita", "user:rita as author");
        // The longest uri decides, and it names no workspace.
        assertRefused(RULES, "https://billing.example/probe", "orders", null, "service:billing", "rule probe");
        assertRefused(RULES, "airlock:cli", "orders", null, "user:rita", "airlock:");
        assertRefused(
                Map.of("trigger.unnamed-sources", "nothing"),
                "https://x.example/",
                "orders",
                null,
                "user:a",
                "no rule");
    }

    @Test
    void whatNobodyNamedMayDoNothingUnlessADeveloperServesHimself() {
        Settings none = Settings.load(Path.of("absent"), Map.of(), Map.of());
        assertThat(TriggerConfig.of(none, Unnamed.byDefault(false)).unnamed()).isEqualTo(Unnamed.NOTHING);
        assertThat(TriggerConfig.of(none, Unnamed.byDefault(true)).unnamed()).isEqualTo(Unnamed.ANYTHING);
        Settings said = Settings.load(Path.of("absent"), Map.of(), Map.of("trigger.unnamed-sources", "nothing"));
        assertThat(TriggerConfig.of(said, Unnamed.byDefault(true)).unnamed()).isEqualTo(Unnamed.NOTHING);

        assertThatThrownBy(() -> new SourcePolicy(List.of(), Unnamed.NOTHING)
                        .checkStart(event("https://x.example/"), asked("orders", null, "user:a")))
                .hasMessageContaining("https://x.example/")
                .hasMessageContaining("trigger.source.NAME.uri")
                .hasMessageContaining("replay");
    }

    @Test
    void eventsNeedARuleOfTheirOwn() {
        SourcePolicy policy = policy(RULES);
        assertThatCode(() -> policy.checkEvent(event("https://billing.example/probe"), "orders"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> policy.checkEvent(event("https://billing.example/probe"), "payments"))
                .isInstanceOf(Unacceptable.class);
        assertThatThrownBy(() -> policy.checkEvent(event("https://billing.example/17"), "orders"))
                .isInstanceOf(Unacceptable.class);
        assertThatThrownBy(() -> policy.checkEvent(event("https://billing.example/probe"), null))
                .isInstanceOf(Unacceptable.class);
    }

    @Test
    void tellsAllThatIsWrongWithTheSettings() {
        Settings settings = Settings.load(
                Path.of("absent"),
                Map.of(),
                Map.of("trigger.source.Up.start", "a", "trigger.quota", "0", "trigger.source.a.colour", "red"));
        TriggerConfig.of(settings, Unnamed.NOTHING);

        assertThatThrownBy(settings::verify)
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("trigger.quota")
                .hasMessageContaining("trigger.source.a.uri is missing")
                .hasMessageContaining("trigger.source.a.colour is no setting");
    }

    @Test
    void readsRulesFromTheEnvironmentToo() {
        Settings settings = Settings.load(
                Path.of("absent"),
                Map.of(
                        "AIRLOCK_TRIGGER_SOURCE_BILLING_URI", "https://b/",
                        "AIRLOCK_TRIGGER_SOURCE_BILLING_START", "orders"),
                Map.of());
        TriggerConfig config = TriggerConfig.of(settings, Unnamed.NOTHING);

        assertThat(config.rules()).hasSize(1);
        assertThat(config.rules().getFirst().uri()).isEqualTo("https://b/");
        assertThat(settings.warnings()).isEmpty();
    }

    private static SourcePolicy policy(Map<String, String> settings) {
        TriggerConfig config = TriggerConfig.of(Settings.load(Path.of("absent"), Map.of(), settings), Unnamed.ANYTHING);
        return new SourcePolicy(config.rules(), config.unnamed());
    }

    private static void assertAllowed(
            Map<String, String> rules, String source, String workspace, @Nullable String pipeline, String author) {
        assertThatCode(() -> policy(rules).checkStart(event(source), asked(workspace, pipeline, author)))
                .doesNotThrowAnyException();
    }

    private static void assertRefused(
            Map<String, String> rules,
            String source,
            String workspace,
            @Nullable String pipeline,
            String author,
            String told) {
        Unacceptable refusal = catchThrowableOfType(
                Unacceptable.class, () -> policy(rules).checkStart(event(source), asked(workspace, pipeline, author)));
        assertThat(refusal).isNotNull();
        assertThat(refusal.why()).isEqualTo(Cause.NOT_ALLOWED);
        assertThat(refusal.text()).contains(told);
    }

    private static CloudEvent event(String source) {
        return new CloudEvent(source, "1", Requests.TYPE, null, null, null, null, MissingNode.getInstance());
    }

    private static ChangeRequested asked(String workspace, @Nullable String pipeline, String author) {
        return new ChangeRequested(workspace, null, pipeline, new Content.Task("t"), new Principal(author), null);
    }
}
