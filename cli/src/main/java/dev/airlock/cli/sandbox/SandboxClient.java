package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Words;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.session.InteractiveSandbox;
import dev.airlock.starter.session.SandboxList;
import dev.airlock.starter.session.SandboxStatus;
import dev.airlock.starter.session.Sandboxes;
import dev.airlock.workflows.id.SandboxId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The sandboxes of the state directory's installation, by their names as people write them. */
public final class SandboxClient {
    private static final Pattern WHOLE = Pattern.compile("sandbox-[a-z2-7]{26}");
    private static final Pattern START = Pattern.compile("sandbox-[a-z2-7]{4,25}");
    private static final int PAGE = 1000;
    private static final int MOST_SHOWN = 4;

    private SandboxClient() {}

    /** All of them. */
    public static Sandboxes of(Session session) {
        Endpoints endpoints = session.endpoints();
        return Sandboxes.over(
                TemporalClients.lazily(endpoints.temporal().target()).client(),
                session.state(),
                endpoints.installation(),
                "airlock:cli");
    }

    /** One by its whole id, or by as much of its start as no other has. */
    public static InteractiveSandbox named(String text, Session session) {
        Sandboxes sandboxes = of(session);
        return sandboxes.sandbox(id(text, sandboxes), session.principal());
    }

    private static SandboxId id(String text, Sandboxes sandboxes) {
        if (WHOLE.matcher(text).matches()) {
            return new SandboxId(text);
        }
        if (!START.matcher(text).matches()) {
            throw none(text, "a sandbox id is sandbox- and 26 characters; `airlock sandbox list` lists them");
        }
        List<SandboxId> found = new ArrayList<>();
        String page = null;
        do {
            SandboxList list = sandboxes.list(true, PAGE, page);
            list.items().stream()
                    .map(SandboxStatus::sandbox)
                    .filter(each -> each.value().startsWith(text))
                    .forEach(found::add);
            page = list.next();
        } while (page != null);
        if (found.isEmpty()) {
            throw none(text, "no sandbox's id begins so; `airlock sandbox list --all` lists them");
        }
        if (found.size() > 1) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    text + " is the start of " + found.size() + " sandboxes",
                    text,
                    "it could be "
                            + Words.either(found.stream()
                                    .limit(MOST_SHOWN)
                                    .map(SandboxId::value)
                                    .toList()));
        }
        return found.getFirst();
    }

    private static AirlockException none(String text, String hint) {
        return new AirlockException(ErrorCode.NOT_FOUND, "no sandbox " + text, text, hint);
    }
}
