package dev.airlock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.cli.session.Environment;
import dev.airlock.workflows.id.Principal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ApprovalTest {
    private static final Approval ASKS = Approval.atTheTerminal(new Principal("user:you"));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final Story story = new Story(out, false, false);

    @Test
    void takesTheFirstAnswerThatIsOne() throws Exception {
        assertThat(answered("y\n")).isTrue();
        assertThat(answered("  YES\n")).isTrue();
        assertThat(answered("perhaps\n\ny\n")).isTrue();
        assertThat(answered("perhaps\nn\ny\n")).isFalse();
        assertThat(answered("no\n")).isFalse();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("Approve this change as user:you? [y/n]");
    }

    @Test
    void takesTheEndOfTheInputForANo() throws Exception {
        assertThat(answered("")).isFalse();
    }

    @Test
    void doesNotAskForWhatWasGiven() throws Exception {
        assertThat(Approval.given().yes(story, environment(InputStream.nullInputStream()), new Stop()))
                .isTrue();
        assertThat(bytes.size()).isZero();
    }

    @Test
    void leavesAQuestionThatNobodyAnswersWhenItIsStopped() throws Exception {
        Stop stop = new Stop();
        try (PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream nothingYet = new PipedInputStream(typing)) {
            CompletableFuture<Boolean> asked =
                    CompletableFuture.supplyAsync(() -> ASKS.yes(story, environment(nothingYet), stop));
            Runnable unused = stop.want();

            assertThatThrownBy(asked::join).hasCauseInstanceOf(Stop.Stopped.class);
        }
    }

    @Test
    void makesTheChangeSomebodyElses() {
        assertThat(ASKS.author()).isNotEqualTo(ASKS.by());
        Principal ada = new Principal("user:ada");
        assertThat(Approval.atTheTerminal(ada).author()).isNotEqualTo(ada);
        assertThat(Approval.given().author()).isNotEqualTo(Approval.given().by());
    }

    @Test
    void waitsNoLongerOnceStopped() {
        Stop stop = new Stop();
        stop.pause(Duration.ofMillis(1));
        Runnable unused = stop.want();

        assertThatThrownBy(() -> stop.pause(Duration.ofHours(1))).isInstanceOf(Stop.Stopped.class);
        assertThatThrownBy(stop::check).isInstanceOf(Stop.Stopped.class);
    }

    private boolean answered(String typed) throws IOException {
        return ASKS.yes(
                story, environment(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8))), new Stop());
    }

    private Environment environment(InputStream in) {
        return new Environment(Map.of(), in, out, out, Environment.Terminals.NONE);
    }
}
