package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.decision.Decided;
import dev.airlock.workflows.change.Decision;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A person's word on a review. Never asks back: what is decided is named on the command line. */
abstract class DecisionAction extends RunAction {
    @Option(
            names = "--decision-id",
            paramLabel = "ID",
            description =
                    "Name of this decision: the same one again is not taken twice. One is drawn if none is given.")
    private @Nullable String decisionId;

    DecisionAction(Session session) {
        super(session);
    }

    @Override
    protected final int perform() {
        String id = decisionId == null ? UUID.randomUUID().toString() : decisionId;
        Decided decided = session().client().decide(run(), decision(id));
        answers().give(decided, text -> text.line(done() + "; " + run() + " is " + decided.state()));
        return YES;
    }

    abstract Decision decision(String id);

    /** What was done, as people say it. */
    abstract String done();
}
