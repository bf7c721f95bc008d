package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.review.ReviewFile;
import picocli.CommandLine.Command;

/** Shows what a review is about. */
@Command(
        name = "review",
        description = "Show what is to be decided: evidence, findings, tests and the whole difference.",
        footer = {
            "",
            "An approval names the evidence's digest, so that it counts for exactly this content.",
            "",
            "Examples:",
            "  airlock review run-4q5w | less -R",
            "  airlock approve run-4q5w --as user:rita --evidence \"$(airlock review run-4q5w -o json | jq -r .evidence)\""
        })
public final class ReviewCommand extends RunAction {
    public ReviewCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        ReviewFile review = session().client().review(run());
        answers().give(review, text -> ReviewText.write(review, text));
        return YES;
    }
}
