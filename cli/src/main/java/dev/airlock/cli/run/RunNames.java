package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Words;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunSummary;
import dev.airlock.workflows.id.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Runs as people name them: by the whole id, or by as much of its start as no other run has. */
public final class RunNames {
    private static final Pattern WHOLE = Pattern.compile("run-[a-z2-7]{26}");
    private static final Pattern START = Pattern.compile("run-[a-z2-7]{4,25}");
    private static final int PAGE = 1000;
    private static final int MOST_SHOWN = 4;

    private RunNames() {}

    /** Asks the server only for the meaning of a start. What has the form of neither names no run. */
    public static RunId of(String text, Session session) {
        if (WHOLE.matcher(text).matches()) {
            return new RunId(text);
        }
        if (!START.matcher(text).matches()) {
            throw none(text, "a run id is run- and 26 characters; `airlock runs` lists them");
        }
        List<RunId> found = startingWith(text, session);
        if (found.isEmpty()) {
            throw none(text, "no run's id begins so; `airlock runs` lists them");
        }
        if (found.size() > 1) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    text + " is the start of " + found.size() + " runs",
                    text,
                    "it could be "
                            + Words.either(found.stream()
                                    .limit(MOST_SHOWN)
                                    .map(RunId::value)
                                    .toList()));
        }
        return found.getFirst();
    }

    private static List<RunId> startingWith(String text, Session session) {
        List<RunId> found = new ArrayList<>();
        String page = null;
        do {
            RunList list = session.client().runs(new RunFilter(null, null, PAGE, page));
            list.items().stream()
                    .map(RunSummary::run)
                    .filter(run -> run.value().startsWith(text))
                    .forEach(found::add);
            page = list.next();
        } while (page != null);
        return found;
    }

    private static AirlockException none(String text, String hint) {
        return new AirlockException(ErrorCode.NOT_FOUND, "no run " + text, text, hint);
    }
}
