package dev.airlock.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A workspace whose test prints a nonce and then counts: a second start shows as a second nonce, a lost or repeated window
 * as a gap.
 */
final class Counting {
    static final int LAST = 100;

    private Counting() {}

    /** A directory to create the workspace from, whose agent and test take some ten seconds each. */
    static Path workspace(Airlock airlock) throws IOException {
        return workspace(airlock, LAST);
    }

    static Path workspace(Airlock airlock, int last) throws IOException {
        Path directory = airlock.scratch("counting-" + last);
        Files.createDirectories(directory.resolve(".airlock"));
        Files.writeString(directory.resolve(".airlock/pipeline.yaml"), """
                pipeline: counting
                workspace: counting
                limits: { attempts: 2, deadline: 1h }
                steps:
                  - id: generate
                    uses: generate
                    with: { agent: { run: [python3, count.py, made.txt] } }
                  - id: validate
                    uses: validate
                    with: { checks: [paths, size, secrets] }
                  - id: test
                    uses: sandbox
                    with: { run: "python3 count.py", limits: { timeout: 5m } }
                  - id: review
                    uses: review
                    with: { approvals: 1, not: [author], timeout: 1h }
                  - id: promote
                    uses: promote
                    with: { branch: main }
                """);
        Files.writeString(directory.resolve("count.py"), """
                import os, sys, time
                print("nonce", os.urandom(8).hex(), flush=True)
                for i in range(1, %d + 1):
                    print(i, flush=True)
                    time.sleep(0.1)
                if len(sys.argv) > 1:
                    with open(sys.argv[1], "w") as made:
                        made.write("made\\n")
                """.formatted(last));
        return directory;
    }

    /** Asserts that the output is one nonce and one gapless count. */
    static void assertOneWholeCount(String output, int last) {
        List<String> lines = output.lines().toList();
        if (lines.isEmpty() || !lines.get(0).matches("nonce [0-9a-f]{16}")) {
            throw new AssertionError("does not begin with a nonce:\n" + output);
        }
        for (int i = 1; i <= last; i++) {
            if (i >= lines.size() || !lines.get(i).equals(Integer.toString(i))) {
                throw new AssertionError("line " + i + " of the count is missing:\n" + output);
            }
        }
        if (lines.size() != last + 1) {
            throw new AssertionError("more than one count:\n" + output);
        }
    }
}
