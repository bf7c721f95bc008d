package dev.airlock.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @Test
    void leavesKeysOfOtherProcessesToThem() {
        Settings fine =
                Settings.load(Path.of("no-such-file"), Map.of(), Map.of("trigger.window", "10m", "log.size", "3"));
        fine.number("log.size", 1, 1, 9);
        fine.verifyRead();

        Settings wrong = Settings.load(Path.of("no-such-file"), Map.of(), Map.of("log.size", "many"));
        wrong.number("log.size", 1, 1, 9);
        assertThatThrownBy(wrong::verifyRead).hasMessageContaining("log.size");
    }

    private enum Tier {
        HARDENED,
        NO_NETWORK
    }

    @TempDir
    Path temporary;

    @Test
    void flagBeatsEnvironmentBeatsFileBeatsDefault() throws Exception {
        Path file = Files.writeString(temporary.resolve("s"), "a.b=file\nc=file\nd=file\n");
        Settings settings =
                Settings.load(file, Map.of("AIRLOCK_A_B", "variable", "AIRLOCK_C", "variable"), Map.of("a.b", "flag"));

        assertThat(settings.text("a.b", "default")).isEqualTo("flag");
        assertThat(settings.text("c", "default")).isEqualTo("variable");
        assertThat(settings.text("d", "default")).isEqualTo("file");
        assertThat(settings.text("e", "default")).isEqualTo("default");
        assertThat(settings.text("f")).isEmpty();
        settings.verify();
    }

    @Test
    void readsEveryKindOfValue() {
        Settings settings = Settings.load(
                temporary.resolve("absent"),
                Map.of(),
                Map.of(
                        "flag",
                        "true",
                        "n",
                        "7",
                        "t",
                        "3d",
                        "ms",
                        "300ms",
                        "size",
                        "512Mi",
                        "tier",
                        "no-network",
                        "path",
                        "x/y"));

        assertThat(settings.flag("flag", false)).isTrue();
        assertThat(settings.number("n", 1, 1, 7)).isEqualTo(7);
        assertThat(settings.duration("t", Duration.ZERO)).isEqualTo(Duration.ofDays(3));
        assertThat(settings.duration("ms", Duration.ZERO)).isEqualTo(Duration.ofMillis(300));
        assertThat(settings.bytes("size", 0)).isEqualTo(512L << 20);
        assertThat(settings.choice("tier", Tier.HARDENED)).isEqualTo(Tier.NO_NETWORK);
        assertThat(settings.path("path", Path.of("."))).isEqualTo(Path.of("x/y"));
        settings.verify();
        assertThat(settings.effective())
                .containsEntry("tier", "no-network")
                .containsEntry("t", "3d")
                .containsEntry("ms", "300ms");
    }

    @Test
    void reportsEveryProblemAtOnce() throws Exception {
        Path file = Files.writeString(temporary.resolve("s"), "audit.lingr=1s\nworker.slots=zero\n");
        Settings settings = Settings.load(file, Map.of("AIRLOCK_AUDIT_LINGER", "soon"), Map.of("tier", "strong"));

        assertThat(settings.duration("audit.linger", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.number("worker.slots", 4, 1, 64)).isEqualTo(4);
        assertThat(settings.choice("tier", Tier.HARDENED)).isEqualTo(Tier.HARDENED);

        assertThatThrownBy(settings::verify)
                .isInstanceOfSatisfying(
                        PlatformException.class, e -> assertThat(e.code()).isEqualTo(PlatformException.Code.USAGE))
                .message()
                .contains(
                        "4 settings are wrong",
                        "AIRLOCK_AUDIT_LINGER (audit.linger) must be a length of time",
                        "worker.slots in " + file,
                        "must be a whole number from 1 to 64",
                        "--tier (tier) must be one of hardened, no-network",
                        "audit.lingr in " + file + " is no setting; did you mean audit.linger?");
    }

    @Test
    void refusesNumbersOutOfBounds() {
        for (String bad : new String[] {"0", "65", "99999999999", "1.5", "", " 3", "٣x"}) {
            Settings settings = Settings.load(temporary.resolve("absent"), Map.of(), Map.of("n", bad));

            assertThat(settings.number("n", 1, 1, 64)).isEqualTo(1);
            assertThatThrownBy(settings::verify).as(bad).hasMessageContaining("from 1 to 64");
        }
    }

    @Test
    void neverShowsASecret() {
        Settings settings = Settings.load(
                temporary.resolve("absent"), Map.of("AIRLOCK_TOKEN", "hunter2", "AIRLOCK_PORT", "hunter2"), Map.of());

        assertThat(settings.secret("token")).contains("hunter2");
        settings.number("port", 1, 1, 2);

        assertThat(settings.effective()).containsEntry("token", "********");
        assertThatThrownBy(settings::verify).message().doesNotContain("hunter2");
    }

    @Test
    void warnsOfVariablesThatNobodyReads() {
        Settings settings = Settings.load(
                temporary.resolve("absent"),
                Map.of("AIRLOCK_WORKER_SLOT", "3", "AIRLOCK_RUN", "run-x", "PATH", "/bin"),
                Map.of());
        settings.number("worker.slots", 4, 1, 64);

        assertThatCode(settings::verify).doesNotThrowAnyException();
        assertThat(settings.warnings())
                .containsExactly("AIRLOCK_WORKER_SLOT is no setting; did you mean worker.slots?");
    }

    @Test
    void aFileThatCannotBeReadIsAProblem() throws Exception {
        Path broken = Files.write(temporary.resolve("broken"), new byte[] {'a', '=', (byte) 0xff});
        Path unicode = Files.write(temporary.resolve("bad"), "a=\\u00zz".getBytes(StandardCharsets.UTF_8));

        for (Path file : new Path[] {broken, unicode, temporary}) {
            assertThatThrownBy(() -> Settings.load(file, Map.of(), Map.of()).verify())
                    .hasMessageContaining(file + " cannot be read");
        }
    }

    @Test
    void countsASwapAsOneSlip() {
        assertThat(Suggestions.distance("kafka", "kakfa")).isEqualTo(1);
        assertThat(Suggestions.distance("", "abc")).isEqualTo(3);
        assertThat(Suggestions.distance("same", "same")).isZero();
    }
}
