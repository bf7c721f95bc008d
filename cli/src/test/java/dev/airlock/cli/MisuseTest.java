package dev.airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said to a slip of the hand: one line, in the words of who typed it, never the library's. */
class MisuseTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats x ~ there is no command `airlock stats` (did you mean `airlock status`?)",
                "aprove x ~ did you mean `airlock approve`?",
                "workspace crate ~ there is no command `airlock workspace crate` (did you mean `airlock workspace create`?)",
                "verify ~ did you mean `airlock audit verify`?",
                "validate ~ did you mean `airlock pipeline validate`?",
                "list ~ did you mean `airlock workspace list`, `airlock image list`, `airlock dlq list` or `airlock sandbox list`?",
                "qwertz ~ there is no command `airlock qwertz` (see `airlock --help`)",
                "workspace ~ `airlock workspace` needs a command: create, list or log",
                "push ~ `airlock push` needs WORKSPACE (such as: airlock push orders --task task.md;",
                "push orders ~ `airlock push` needs --dir DIR or --task FILE (such as:",
                "push orders --dir a --task b ~ --dir and --task do not go together (give one of them)",
                "push orders --dir ~ --dir needs a value (write --dir DIR)",
                "push orders --tsk x ~ `airlock push` has no option --tsk (did you mean --task?)",
                "push orders --bogus=x --dir . ~ has no option --bogus (see `airlock push --help`)",
                "--stat x status ~ has no option --stat (did you mean --state?)",
                "status a b ~ `airlock status` does not take 'b' (usage: airlock status RUN",
                "wait x ~ `airlock wait` needs --for review|end",
                "wait x --for reviw ~ --for takes review or end, not 'reviw' (did you mean review?)",
                "wait x --for end --timeout soon ~ --timeout: 'soon' is no length of time; write 300ms",
                "-o xml runs ~ --output takes text or json, not 'xml'",
                "-o ~ --output needs a value (write --output text|json)",
                "runs --limit abc ~ --limit takes a whole number, not 'abc'",
                "runs --yes=maybe ~ --yes takes no value, not even 'maybe'",
                "approve x --evidence foo ~ 'foo' is no digest; write sha256: and 64 hexadecimal digits",
                "cancel x --reason a --reason b ~ --reason is given twice",
                "audit verify ~ needs RUN, --all, --file F or --from DIR|FILE",
                "completion fish ~ bash|zsh takes bash or zsh, not 'fish'",
                "image add x ~ needs --docker REF or --rootfs DIR|TAR"
            })
    void isToldInOneLine(String line) {
        String words = line.substring(0, line.indexOf('~'));
        String told = line.substring(line.indexOf('~') + 1);
        FakeClient client = new FakeClient();
        Shell.Result text = new Shell(client).run(words.strip().split(" "));
        assertThat(text.code()).isEqualTo(2);
        assertThat(text.out()).isEmpty();
        assertThat(text.err().lines()).hasSize(1);
        assertThat(text.err()).startsWith("airlock: ").contains(told.strip());
        assertThat(text.err())
                .doesNotContain("Unmatched", "Missing required", "Invalid value", "Error:", "expected one of", "index");
        Shell.Result json = new Shell(client)
                .with("AIRLOCK_OUTPUT", "json")
                .run(words.strip().split(" "));
        assertThat(json.code()).isEqualTo(2);
        assertThat(json.err()).isEmpty();
        if (!words.contains("-o")) {
            assertThat(json.out()).startsWith("{\"schema\":\"airlock/v1\",\"error\":{\"code\":\"USAGE\"");
        }
        assertThat(client.asked).isEmpty();
    }
}
