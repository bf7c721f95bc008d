package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.system.docs.Page.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types what README and quickstart show, block by block, in one shell with a home directory of its own, and compares what comes
 * out with the {@code text} block that follows, if one does.
 *
 * <p>What a reader has to fill in: {@code PID} is the one of {@code dev}, {@code sha256:…} the last digest that was printed behind
 * {@code --evidence}. {@code ./airlock dev} stays in its terminal: here it goes to the background once it is ready. A line that ends
 * in {@code # exits 1} must do so. {@code demo}, {@code test} and {@code setup} have tests of their own.
 */
class ShownCommandsIT {
    private static final Pattern ELSEWHERE = Pattern.compile("\\./airlock (demo|test|setup)\\b.*");
    private static final String MARK = "\u001e";
    private static final String PRELUDE = """
            set -e -o pipefail
            exec 2>&1
            record=$HOME/record
            exec > >(tee "$record")
            dev() {
              ./airlock dev "$@" >"$HOME/dev" 2>&1 </dev/null &
              dev=$!
              until grep -q '^ready' "$HOME/dev" && grep -q '^in another' "$HOME/dev"; do
                kill -0 $dev || { cat "$HOME/dev"; exit 1; }
                sleep 0.2
              done
              cat "$HOME/dev"
            }
            stop() { if [[ -n ${dev:-} ]]; then kill $dev || true; wait $dev || true; fi; }
            trap stop EXIT
            evidence() { grep -o -e '--evidence sha256:[0-9a-f]*' "$record" | tail -n 1 | cut -d ' ' -f 2; }
            exits() { local want=$1 got=0; shift; "$@" || got=$?; [[ $got == "$want" ]] || { echo "exit $got of: $*"; exit 1; }; }
            """;

    @TempDir
    private Path home;

    @Test
    void everyCommandOfTheReadmeWorks() throws Exception {
        play(Page.of("README.md"));
    }

    @Test
    void everyCommandOfTheQuickstartWorks() throws Exception {
        play(Page.of("docs/quickstart.md"));
    }

    private void play(Page page) throws Exception {
        List<Block> shown = page.blocks();
        StringBuilder script = new StringBuilder(PRELUDE);
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i).info().equals("sh")) {
                script.append("printf '\\n" + MARK + "%s\\n' ").append(i).append('\n');
                script.append(typed(shown.get(i).text()));
            }
        }
        String output = run(script.toString());
        List<String> differences = new ArrayList<>();
        for (int i = 0; i + 1 < shown.size(); i++) {
            if (shown.get(i).info().equals("sh") && shown.get(i + 1).info().equals("text")) {
                firstLineThatIsMissing(shown.get(i + 1).text(), printed(output, i), differences);
            }
        }
        assertThat(differences).as(output).isEmpty();
    }

    /** A block as the shell of this test takes it. */
    private static String typed(String block) {
        StringBuilder typed = new StringBuilder();
        for (String line : block.lines().toList()) {
            String command = line.replace("sha256:…", "\"$(evidence)\"").replaceAll("\\bPID\\b", "\\$dev");
            if (ELSEWHERE.matcher(line).matches()) {
                command = ":";
            } else if (line.startsWith("./airlock dev")) {
                command = line.replace("./airlock dev", "dev");
            } else if (line.matches(".*# exits [12].*")) {
                command = "exits " + line.replaceAll(".*# exits ([12]).*", "$1") + " " + command;
            }
            typed.append(command).append('\n');
        }
        return typed.toString();
    }

    private String run(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(home.resolve("script"), script);
        Path out = home.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("bash", file.toString())
                .directory(Sources.HOME.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        Map<String, String> environment = builder.environment();
        String cache = environment.getOrDefault("XDG_CACHE_HOME", environment.get("HOME") + "/.cache");
        environment.keySet().removeIf(name -> name.startsWith("AIRLOCK_") && !name.equals("AIRLOCK_BUILD"));
        environment.keySet().remove("XDG_STATE_HOME");
        environment.putAll(Map.of("HOME", home.toString(), "USER", "you", "XDG_CACHE_HOME", cache));
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(8, TimeUnit.MINUTES);
            String output = Files.readString(out);
            assertThat(ended).as("still running:\n%s", output).isTrue();
            assertThat(process.exitValue()).as("%s", output).isZero();
            return output;
        } finally {
            try (Stream<ProcessHandle> all = process.descendants()) {
                all.forEach(ProcessHandle::destroyForcibly);
            }
            process.destroyForcibly();
        }
    }

    private static String printed(String output, int block) {
        String from = output.substring(output.indexOf(MARK + block + "\n"));
        int end = from.indexOf(MARK, 1);
        return end < 0 ? from : from.substring(0, end);
    }

    /** The shown lines must come in their order; where … stands, others may come between. */
    private void firstLineThatIsMissing(String shown, String printed, List<String> differences) {
        List<String> actual = printed.lines()
                .skip(1)
                .map(this::plain)
                .filter(line -> !line.isEmpty())
                .toList();
        int at = 0;
        boolean gap = false;
        for (String line :
                shown.lines().map(this::plain).filter(text -> !text.isEmpty()).toList()) {
            if (line.equals("…")) {
                gap = true;
                continue;
            }
            int found = at;
            while (gap && found < actual.size() && !actual.get(found).equals(line)) {
                found++;
            }
            if (found >= actual.size() || !actual.get(found).equals(line)) {
                String instead = at < actual.size() ? actual.get(at) : "the end";
                differences.add("shown: " + line + "\nprinted: " + instead);
                return;
            }
            at = found + 1;
            gap = false;
        }
    }

    /** Without what differs from run to run. */
    private String plain(String line) {
        return line.replace(home.toString(), "/home/you")
                .replaceAll("run-[a-z2-7]{26}", "RUN")
                .replaceAll("sha256:[0-9a-f]{64}", "DIGEST")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "WHEN")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID")
                .replaceAll("\\b[0-9a-f]{10}([0-9a-f]{30})?\\b", "ID")
                .replaceAll("\\b\\d+(\\.\\d+)? (ms|s|min|h|days?)( \\d+ (s|min|h))?\\b", "TIME")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
                .replaceAll("\\bin \\w+ \\([a-z-]+\\)$", "in ENGINE")
                .replaceAll("^ *pid +\\d+", "pid PID")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
