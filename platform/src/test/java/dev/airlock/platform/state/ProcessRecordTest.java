package dev.airlock.platform.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRecordTest {
    @TempDir
    Path temporary;

    @Test
    void knowsItselfAlive() throws Exception {
        StateDirectory state = new StateDirectory(temporary);
        ProcessRecord self = ProcessRecord.self("worker");
        self.write(state);

        assertThat(ProcessRecord.read(state, "worker")).contains(self);
        assertThat(self.isAlive()).isTrue();
        assertThat(ProcessRecord.read(state, "other")).isEmpty();
    }

    @Test
    void isNotFooledByAnotherProcessWithTheSamePid() {
        ProcessRecord self = ProcessRecord.self("worker");
        ProcessRecord earlier = new ProcessRecord("worker", self.pid(), self.start() + "0");

        assertThat(earlier.isAlive()).isFalse();
        assertThat(earlier.end(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void endsAProcess() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        ProcessRecord sleeper = ProcessRecord.of("sleeper", process.pid()).orElseThrow();

        assertThat(sleeper.end(Duration.ofSeconds(10))).isTrue();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
    }

    @Test
    void killsAProcessThatIgnoresTheRequest() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "trap '' TERM; echo armed; while :; do sleep 1; done").start();
        assertThat(process.inputReader().readLine()).isEqualTo("armed");
        ProcessRecord stubborn = ProcessRecord.of("stubborn", process.pid()).orElseThrow();

        assertThat(stubborn.end(Duration.ofMillis(100))).isTrue();
        assertThat(process.waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void countsZombiesAsGone() {
        String tail = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 1 18 777 19 20";
        assertThat(ProcessStart.parse("12 (a) b) (c) S" + tail)).contains("777");
        assertThat(ProcessStart.parse("12 (a) Z" + tail)).isEmpty();
        assertThat(ProcessStart.parse("12 (a) Z" + tail.replace(" 16 1 ", " 16 2 ")))
                .as("its first thread has ended, another still holds files")
                .contains("777");
        assertThat(ProcessStart.parse("12 (a) X" + tail)).isEmpty();
        assertThat(ProcessStart.parse("")).isEmpty();
        assertThat(ProcessStart.parse("garbage) S")).isEmpty();
    }

    @Test
    void takesABrokenRecordForNone() throws Exception {
        StateDirectory state = new StateDirectory(temporary).create();
        for (String content : new String[] {"{\"pid\":", "null", "{}", ""}) {
            Files.writeString(state.processes().resolve("temporal.json"), content);

            assertThat(ProcessRecord.read(state, "temporal")).as(content).isEmpty();
        }
    }
}
