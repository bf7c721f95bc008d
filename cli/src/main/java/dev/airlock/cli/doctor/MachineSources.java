package dev.airlock.cli.doctor;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.sandbox.BubblewrapFacts;
import dev.airlock.activities.sandbox.DockerFacts;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.dev.temporal.TemporalCommand;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalFacts;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** This machine, and the servers that it can reach. */
final class MachineSources implements Sources {
    private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");

    private final StateDirectory state;
    private final String path;
    private final @Nullable URI docker;
    private final String runtime;

    /** @param docker absent: as docker's own client finds it */
    MachineSources(StateDirectory state, String path, @Nullable URI docker, String runtime) {
        this.state = state;
        this.path = path;
        this.docker = docker;
        this.runtime = runtime;
    }

    @Override
    public MachineFacts machine() throws IOException {
        Optional<Path> compiler = COMPILERS.stream()
                .flatMap(name -> Arrays.stream(path.split(File.pathSeparator, -1))
                        .filter(directory -> directory.startsWith("/"))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
        boolean init = Files.isExecutable(DevEnvironment.home().resolve("sandbox-init/target/sandbox-init"));
        return new MachineFacts(Runtime.version(), compiler, init, TemporalCommand.look(), built(), Instant.now());
    }

    private static Instant built() throws IOException {
        CodeSource source = MachineSources.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Instant.EPOCH
                    : Files.getLastModifiedTime(Path.of(source.getLocation().toURI()))
                            .toInstant();
        } catch (URISyntaxException e) {
            return Instant.EPOCH;
        }
    }

    @Override
    public StateFacts state() throws IOException {
        Path root = state.root();
        Path nearest = root;
        while (!Files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        boolean exists = nearest.equals(root);
        String trouble = trouble(nearest, root);
        long free = Files.getFileStore(nearest).getUsableSpace();
        if (!exists || !trouble.isEmpty()) {
            return new StateFacts(root, exists, trouble, free, Optional.empty(), "");
        }
        try {
            return new StateFacts(root, true, "", free, Optional.of(Endpoints.read(state)), "");
        } catch (PlatformException e) {
            // Nobody serves; only what should not be there is worth a word.
            String odd = Files.exists(state.endpoints()) ? String.valueOf(e.getMessage()) : "";
            return new StateFacts(root, true, "", free, Optional.empty(), odd);
        }
    }

    private static String trouble(Path nearest, Path root) {
        if (!Files.isDirectory(nearest)) {
            return nearest + " is not a directory";
        }
        if (!Files.isWritable(nearest)) {
            return nearest.equals(root) ? root + " may not be written" : root + " may not be made in " + nearest;
        }
        return Files.isReadable(nearest) && Files.isExecutable(nearest) ? "" : nearest + " may not be read";
    }

    @Override
    public DockerFacts docker(Duration limit) throws IOException {
        return DockerFacts.read(docker, runtime, limit);
    }

    @Override
    public Optional<BubblewrapFacts> bubblewrap(Duration limit) throws IOException {
        return BubblewrapFacts.read(limit);
    }

    @Override
    public Optional<Integer> cgroups() throws IOException {
        return BubblewrapFacts.cgroups();
    }

    @Override
    public List<CaseResult> attempts(Optional<String> engine) throws IOException {
        return Attempts.in(engine);
    }

    @Override
    public TemporalFacts temporal(String target, Duration limit) {
        return TemporalFacts.read(target, limit);
    }

    @Override
    public KafkaFacts kafka(Endpoints.Kafka cluster, Duration limit) {
        String bootstrap = cluster.bootstrap();
        // Kafka's own client tries a port that refuses again and again, and then only says that time ran out.
        List<String> brokers = List.of(bootstrap.split(",", -1));
        if (brokers.stream().noneMatch(broker -> listens(broker, limit.dividedBy(2)))) {
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "nothing listens at " + bootstrap,
                    bootstrap,
                    "is `airlock dev` running?");
        }
        return KafkaFacts.read(KafkaClients.of(cluster), limit);
    }

    private static boolean listens(String broker, Duration limit) {
        int colon = broker.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            int port = Integer.parseInt(broker.substring(colon + 1).strip());
            String host = broker.substring(0, Math.max(0, colon)).strip();
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(limit.toMillis()));
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}
