package dev.airlock.cli.session;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.evidence.audit.KafkaServerTrail;
import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.KafkaSecurity;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.audit.ChangeJournal;
import dev.airlock.starter.audit.SettingChanges;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of the program. Everything it hands out is made when it is first asked for. */
public final class Session {
    /** A call connects anew, and a person would rather wait than ask again. */
    private static final Duration AUDIT_PATIENCE = Duration.ofSeconds(15);

    private final Environment environment;
    private final Globals globals;
    private final Function<Session, AirlockClient> clients;
    private @Nullable AirlockClient client;

    /** @param clients makes the client of runs, once it is needed */
    public Session(Environment environment, Function<Session, AirlockClient> clients) {
        this.environment = environment;
        this.globals = new Globals(environment);
        this.clients = clients;
    }

    public Environment environment() {
        return environment;
    }

    Globals globals() {
        return globals;
    }

    /** Where answers go. */
    public Answers answers() {
        return new Answers(environment, globals.format());
    }

    public boolean debugging() {
        return globals.debugging();
    }

    /** The state directory that was named, or the default one; nothing is made. */
    public StateDirectory state() {
        return globals.state().map(StateDirectory::new).orElseGet(this::defaultState);
    }

    private StateDirectory defaultState() {
        String named = environment.variable("AIRLOCK_STATE");
        return named.isEmpty() ? StateDirectory.byDefault() : new StateDirectory(Path.of(named));
    }

    /** Where the servers are. */
    public Endpoints endpoints() {
        Endpoints found = Endpoints.read(state());
        return kafkaProperties().map(found::withKafkaProperties).orElse(found);
    }

    /** File that says how to log in to Kafka, if the environment names one; otherwise that of {@code dev} counts. */
    public Optional<Path> kafkaProperties() {
        String named = environment.variable(KafkaSecurity.VARIABLE);
        return named.isEmpty() ? Optional.empty() : Optional.of(Path.of(named));
    }

    /** A cluster that need not be the one of what serves. */
    public KafkaClients kafka(String bootstrap) {
        return new KafkaClients(
                bootstrap, kafkaProperties().map(KafkaSecurity::read).orElse(KafkaSecurity.none()));
    }

    public Workspaces workspaces() {
        return new Workspaces(state().workspaces());
    }

    public ArtifactStore artifacts() {
        return new DirectoryArtifactStore(state().artifacts());
    }

    /** The audit trail of this one call: a chain of its own, mostly empty. Connects with its first event. */
    public ServerTrail trail() {
        Endpoints servers = endpoints();
        return new KafkaServerTrail(
                KafkaClients.of(servers.kafka()), Topics.AUDIT, servers.installation(), AUDIT_PATIENCE);
    }

    /**
     * Changes a setting of the installation and puts that on the audit trail. Where no server is up there is no trail to put
     * it on: then it is written down in the state directory, and the next process that has a trail tells it.
     */
    public <T> T change(String setting, String name, Map<String, Object> to, SettingChanges.Change<T> change)
            throws IOException {
        ChangeJournal journal = new ChangeJournal(state().pendingChanges());
        ServerTrail trail;
        try {
            trail = trail();
        } catch (PlatformException e) {
            return journal.make(setting, name, principal(), to, change);
        }
        try (trail) {
            journal.tell(trail);
            return new SettingChanges(trail).make(setting, name, principal(), to, change);
        }
    }

    public AirlockClient client() {
        if (client == null) {
            client = clients.apply(this);
        }
        return client;
    }

    /** Who acts: {@code --as}, else the user who runs this. */
    public Principal principal() {
        return Principals.of(globals.as().orElse(null), environment.variable("USER"), System.getProperty("user.name"));
    }

    /** A command as it can be copied: it means the same state directory as this one. */
    public String command(String words) {
        return globals.state()
                .map(directory -> "airlock --state " + quoted(directory.toString()) + " " + words)
                .orElse("airlock " + words);
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Whether {@code --yes} was said. */
    public boolean agreed() {
        return globals.agreed();
    }

    /** The state directory that {@code --state} names, if it does. */
    public Optional<Path> namedState() {
        return globals.state();
    }

    /** Asks before something is destroyed; {@code --yes} is the answer where there is nobody to ask. */
    public boolean agrees(String question) {
        return globals.agreed() || Question.of(environment, question);
    }
}
