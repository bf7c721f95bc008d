package dev.airlock.starter.session;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.temporal.SandboxCalls;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.session.SessionRefusal;
import dev.airlock.workflows.session.SessionRequest;
import dev.airlock.workflows.session.SessionView;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Interactive sandboxes: containers with files that stay between commands, until they are stopped or their time is over.
 *
 * <pre>{@code
 * Sandboxes sandboxes = Sandboxes.over(temporal, state, installation, "my-agent");
 * InteractiveSandbox sandbox = sandboxes.start(StartSandbox.by(new Principal("agent:kim")));
 * sandbox.put(Path.of("project"), "");
 * CommandAnswer tests = sandbox.exec(SandboxCommand.of("python3", "-m", "unittest"));
 * System.out.write(sandbox.output(tests, 1 << 20));
 * sandbox.stop("done");
 * }</pre>
 *
 * <p>A refusal, and a thing that could not be found out, is an {@link dev.airlock.starter.failure.AirlockException} with its
 * code. Nothing waits for ever. Safe for many threads; one sandbox runs one command at a time.
 */
public final class Sandboxes {
    /** A container may have to be made on a host that makes many. */
    private static final Duration START = Duration.ofMinutes(3);

    private final SandboxCalls calls;
    private final StateDirectory state;
    private final ArtifactStore artifacts;
    private final String installation;
    private final String source;

    private Sandboxes(WorkflowClient temporal, StateDirectory state, String installation, String source) {
        this.calls = new SandboxCalls(temporal);
        this.state = state;
        this.artifacts = new DirectoryArtifactStore(state.artifacts());
        this.installation = installation;
        this.source = source;
    }

    /**
     * The sandboxes of an installation.
     *
     * @param temporal with our converter, see {@link dev.airlock.workflows.Payloads#converter}
     * @param state shared with the workers: files and output go through its artifact store
     * @param source who asks, such as {@code airlock:cli}; with the request id it names a sandbox
     */
    public static Sandboxes over(WorkflowClient temporal, StateDirectory state, String installation, String source) {
        return new Sandboxes(temporal, state, installation, source);
    }

    /**
     * Starts one, and waits until it is there.
     *
     * @throws dev.airlock.starter.failure.AirlockException {@code IMAGE_ABSENT}, {@code ENGINE_ABSENT}, {@code UNAVAILABLE}
     */
    public InteractiveSandbox start(StartSandbox wanted) {
        SandboxId id = Names.interactive(installation, source, wanted.requestId());
        SessionRequest.Origin origin = new SessionRequest.Origin(source, wanted.requestId(), wanted.author(), null);
        calls.start(id, new SessionRequest(installation, origin, wanted.room(), wanted.timing(), null));
        SessionView view = ready(id);
        if (view.refused() != null) {
            throw SandboxCalls.refusal(
                    id, view.refused().code().name(), view.refused().message());
        }
        if (view.outcome() != null) {
            throw SandboxCalls.refusal(id, SessionRefusal.ALREADY_DECIDED.name(), id + " has ended: " + view.outcome());
        }
        return sandbox(id, wanted.author());
    }

    /** One that could not be made may have ended before anybody asked. */
    private SessionView ready(SandboxId id) {
        try {
            return calls.call(id, "ready", "ready", SessionView.class, START);
        } catch (AirlockException e) {
            if (e.code() != ErrorCode.ALREADY_DECIDED) {
                throw e;
            }
            return calls.view(id).orElseThrow(() -> e);
        }
    }

    /** One that was started before; nobody is asked. */
    public InteractiveSandbox sandbox(SandboxId id, Principal by) {
        return new InteractiveSandbox(id, by, calls, artifacts, state);
    }

    /**
     * A page of them.
     *
     * @param all whether also those that have ended
     * @param page token of the page, absent for the first
     */
    public SandboxList list(boolean all, int size, @Nullable String page) {
        SandboxCalls.Page found = calls.list(all, size, page);
        return new SandboxList(found.items().stream().map(SandboxStatus::of).toList(), found.next());
    }
}
