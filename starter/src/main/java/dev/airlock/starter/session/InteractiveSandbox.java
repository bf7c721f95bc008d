package dev.airlock.starter.session;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.files.FileCollection;
import dev.airlock.evidence.files.FileManifest;
import dev.airlock.platform.state.SealedText;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.temporal.SandboxCalls;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.session.Call;
import dev.airlock.workflows.session.CommandEnd;
import dev.airlock.workflows.session.ExecResult;
import dev.airlock.workflows.session.Refused;
import dev.airlock.workflows.session.SessionView;
import dev.airlock.workflows.session.TransferResult;
import dev.airlock.workflows.session.TransferResult.Transferred;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One interactive sandbox; see {@link Sandboxes}. Making one of these asks nobody. */
public final class InteractiveSandbox {
    private static final String WORKSPACE = "/workspace";
    private static final Duration CHANGE = Duration.ofSeconds(60);
    private static final Duration TRANSFER = Duration.ofMinutes(15);
    /** For what may come before the command: others that wait, a container that is made anew. */
    private static final Duration BEFORE_A_COMMAND = Duration.ofMinutes(10);

    private final SandboxId id;
    private final Principal by;
    private final SandboxCalls calls;
    private final ArtifactStore artifacts;
    private final StateDirectory state;

    InteractiveSandbox(SandboxId id, Principal by, SandboxCalls calls, ArtifactStore artifacts, StateDirectory state) {
        this.id = id;
        this.by = by;
        this.calls = calls;
        this.artifacts = artifacts;
        this.state = state;
    }

    public SandboxId id() {
        return id;
    }

    /** Answers also when no worker is up. */
    public SandboxStatus status() {
        return calls.view(id)
                .map(view -> SandboxStatus.of(id, view))
                .orElseGet(() -> SandboxStatus.of(calls.find(id).orElseThrow(() -> SandboxCalls.unknown(id))));
    }

    /** What its workflow says, empty when no worker answers. */
    public java.util.Optional<SessionView> view() {
        return calls.view(id);
    }

    /**
     * Runs a command and waits for its end.
     *
     * @throws AirlockException {@code UNAVAILABLE} also when the sandbox was lost while the command ran: then it may have had effects
     */
    public CommandAnswer exec(SandboxCommand command) {
        Call.Exec call = new Call.Exec(
                command.id(), by, command.argv(), command.directory(), command.timeout(), environment(command));
        Duration patience = command.timeout().plus(BEFORE_A_COMMAND);
        ExecResult result = calls.call(id, "exec", command.id(), ExecResult.class, patience, call);
        CommandEnd end = result.end();
        if (end == null) {
            throw refusal(result.refused());
        }
        return new CommandAnswer(
                id,
                result.command(),
                end.exitCode(),
                end.limit(),
                end.output(),
                end.bytes(),
                end.truncated(),
                result.restored());
    }

    private Call.@Nullable Environment environment(SandboxCommand command) {
        if (command.environment().isEmpty()) {
            return null;
        }
        try {
            String json = Payloads.mapper().writeValueAsString(command.environment());
            String sealed = SealedText.seal(state.secret(), Call.Environment.PURPOSE, id + "/" + command.id(), json);
            return new Call.Environment(List.copyOf(command.environment().keySet()), sealed);
        } catch (IOException e) {
            throw Translations.of(e, "the environment of a command", id.value());
        }
    }

    /** The first bytes that a command wrote. */
    public byte[] output(CommandAnswer answer, int most) {
        Digest digest = answer.output();
        if (digest == null) {
            return new byte[0];
        }
        try (InputStream in = artifacts.open(digest)) {
            return in.readNBytes(most);
        } catch (IOException e) {
            throw Translations.of(e, "the output of command " + answer.command(), id.value());
        }
    }

    /** All that a command wrote, to be closed; the last bytes come only if all are what they were. */
    public InputStream output(CommandAnswer answer) throws IOException {
        Digest digest = answer.output();
        return digest == null ? InputStream.nullInputStream() : artifacts.open(digest);
    }

    /** Kills a command that was asked for by that id; whoever waits for it learns how it ended. */
    public void kill(String command) {
        String call = UUID.randomUUID().toString();
        calls.call(id, "kill", call, SessionView.class, CHANGE, new Call.Kill(call, by, command));
    }

    /**
     * Puts a file, or what is in a directory, into the workspace.
     *
     * @param to for a directory's content a directory; for a file its new path, or a directory if it ends in a slash or is empty
     */
    public TransferAnswer put(Path source, String to) {
        String target = inWorkspace(to);
        try {
            boolean directory = Files.isDirectory(source, java.nio.file.LinkOption.NOFOLLOW_LINKS);
            boolean into = directory || to.isEmpty() || to.endsWith("/");
            String name =
                    into ? String.valueOf(source.toAbsolutePath().normalize().getFileName()) : last(target);
            FileCollection.Kept kept = collected(source, name);
            String call = UUID.randomUUID().toString();
            String below = into ? target : parent(target);
            return answered(calls.call(
                    id, "put", call, TransferResult.class, TRANSFER, new Call.Put(call, by, kept.digest(), below)));
        } catch (IOException e) {
            throw Translations.of(e, source.toString(), source.toString());
        }
    }

    private FileCollection.Kept collected(Path source, String name) throws IOException {
        try (FileCollection collection = new FileCollection(artifacts, Files.createDirectories(state.output()))) {
            LocalFiles.collect(source, name, collection);
            return collection.keep();
        }
    }

    /**
     * Takes a file or a directory out of the workspace.
     *
     * @param from empty for all of it
     * @param target where a directory's content, or a file, goes; a file goes into it if it is a directory
     */
    public TransferAnswer get(String from, Path target) {
        String source = inWorkspace(from);
        String call = UUID.randomUUID().toString();
        TransferResult result =
                calls.call(id, "get", call, TransferResult.class, TRANSFER, new Call.Get(call, by, source));
        TransferAnswer answer = answered(result);
        Transferred done = result.done();
        if (done == null) {
            return answer;
        }
        try {
            FileManifest manifest = FileCollection.read(artifacts, done.manifest());
            boolean single = !source.isEmpty()
                    && manifest.entries().stream()
                            .noneMatch(entry -> entry.path().isEmpty());
            List<FileManifest.Refused> refused = new ArrayList<>(answer.refused());
            try (InputStream content = FileCollection.content(artifacts, manifest)) {
                refused.addAll(LocalFiles.write(manifest, single, content, target));
            }
            return new TransferAnswer(id, answer.files(), answer.bytes(), refused, answer.restored());
        } catch (IOException e) {
            throw Translations.of(e, target.toString(), target.toString());
        }
    }

    private TransferAnswer answered(TransferResult result) {
        Transferred done = result.done();
        if (done == null) {
            throw refusal(result.refused());
        }
        try {
            List<FileManifest.Refused> refused = done.refused() == 0
                    ? List.of()
                    : FileCollection.read(artifacts, done.manifest()).refused();
            return new TransferAnswer(id, done.files(), done.bytes(), refused, result.restored());
        } catch (IOException e) {
            throw Translations.of(e, "the list of files", id.value());
        }
    }

    /** Moves its end by one extension. */
    public SandboxStatus extend() {
        String call = UUID.randomUUID().toString();
        return SandboxStatus.of(
                id, calls.call(id, "extend", call, SessionView.class, CHANGE, new Call.Extend(call, by)));
    }

    /** Ends it. */
    public SandboxStatus stop(String reason) {
        String call = UUID.randomUUID().toString();
        return SandboxStatus.of(
                id, calls.call(id, "stop", call, SessionView.class, CHANGE, new Call.Stop(call, by, reason)));
    }

    private AirlockException refusal(@Nullable Refused refused) {
        return refused == null
                ? SandboxCalls.refusal(id, ErrorCode.INTERNAL.name(), id + " answered nothing")
                : SandboxCalls.refusal(id, refused.code().name(), refused.message());
    }

    /** A path in the workspace, however it is written. */
    private String inWorkspace(String path) {
        String inside =
                path.equals(WORKSPACE) || path.startsWith(WORKSPACE + "/") ? path.substring(WORKSPACE.length()) : path;
        boolean absolute = inside.equals(path) && path.startsWith("/");
        String plain = Path.of("/" + inside).normalize().toString().substring(1);
        boolean climbs = List.of(inside.split("/", -1)).contains("..");
        if (absolute || climbs) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    path + " is not in the workspace",
                    path,
                    "files go to and come from " + WORKSPACE + " alone; write a path below it");
        }
        return plain;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
