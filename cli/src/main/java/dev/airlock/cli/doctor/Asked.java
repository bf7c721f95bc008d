package dev.airlock.cli.doctor;

import dev.airlock.platform.failure.PlatformException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The answer to a question, or why there is none. */
sealed interface Asked<T> {
    /** It answered. */
    record Told<T>(T value) implements Asked<T> {}

    /**
     * It said no, or is not there.
     *
     * @param why one line
     * @param mend what it says that would help, if it was asked wrongly
     */
    record Refused<T>(String why, Optional<String> mend) implements Asked<T> {}

    /** Nothing came in time. */
    record Silent<T>(Duration limit) implements Asked<T> {
        String why() {
            return "no answer within " + limit.toSeconds() + " s";
        }
    }

    /** Nobody was asked: there is no address. */
    record Nobody<T>() implements Asked<T> {}

    /** A question that is being asked, in a thread of its own that nobody waits for at the end. */
    final class Question<T> {
        private final FutureTask<T> answer;
        private final Duration limit;
        private final long end;

        private Question(Callable<T> asks, Duration limit) {
            this.answer = new FutureTask<>(asks);
            this.limit = limit;
            this.end = System.nanoTime() + limit.toNanos();
        }

        Asked<T> await() {
            try {
                return new Told<>(answer.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return new Silent<>(limit);
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                return new Refused<>(why(cause), mend(cause));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Silent<>(limit);
            }
        }

        private static Optional<String> mend(Throwable cause) {
            return cause instanceof PlatformException known && known.code() == PlatformException.Code.USAGE
                    ? known.hint()
                    : Optional.empty();
        }

        private static String why(Throwable cause) {
            boolean known = cause instanceof PlatformException || cause instanceof IOException;
            String message = cause.getMessage();
            String said = known && message != null ? message : cause.toString();
            return said.lines().findFirst().orElse("").strip();
        }
    }

    static <T> Question<T> ask(String name, Duration limit, Callable<T> asks) {
        Question<T> question = new Question<>(asks, limit);
        Thread.ofPlatform().daemon().name("doctor-" + name).start(question.answer);
        return question;
    }
}
