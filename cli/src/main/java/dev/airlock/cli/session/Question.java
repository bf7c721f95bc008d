package dev.airlock.cli.session;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks a person yes or no. */
final class Question {
    private Question() {}

    /** @throws AirlockException {@code USAGE} when there is nobody to ask */
    static boolean of(Environment environment, String question) {
        if (!environment.terminals().in() || !environment.terminals().err()) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    question + " There is no terminal to answer on",
                    null,
                    "say --yes if that is meant");
        }
        environment.err().print(question + " [y/N] ");
        environment.err().flush();
        String answer = answer(environment).strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    private static String answer(Environment environment) {
        try {
            String line =
                    new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }
}
