package dev.airlock.evidence.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.evidence.canonical.CanonicalJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalScanTest {
    @Test
    void readsWhatAirlockWrites() {
        byte[] event = Trails.trail(Trails.RUN, 3).get(1);
        CanonicalScan scan = CanonicalScan.of(event).orElseThrow();

        assertThat(scan.text("subject")).isEqualTo(Trails.RUN.value());
        assertThat(scan.text("sequence")).isEqualTo("2");
        assertThat(scan.text("data")).isNull();
        assertThat(scan.text("verdict")).as("a member of the data").isNull();
        assertThat(scan.text("hash")).isEqualTo(Trails.json(event).get("hash").asText());
        assertThat(scan.tree("data")).contains(Trails.json(event).get("data"));
        assertThat(scan.tree("nothing")).isEmpty();
    }

    @Test
    void readsEveryCharacterAndNumber() {
        byte[] event = Trails.forged(
                Trails.trail(Trails.RUN, 1).getFirst(),
                changed -> changed.putObject("data")
                        .put("plain", "ä€\u2028\ud83d\ude00\u007f\\\"/\b\f\n\r\t")
                        .put("least", -9007199254740991L)
                        .put("most", 9007199254740991L)
                        .put("none", (String) null)
                        .put("so", true)
                        .putArray("z")
                        .add(0)
                        .addObject()
                        .put("hash", "sha256:inner"));

        assertThat(CanonicalScan.of(event)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " {\"a\":1}",
                "{\"a\":1} ",
                "{\"a\": 1}",
                "{\"b\":1,\"a\":1}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":\"\\u0041\"}",
                "{\"a\":\"\\/\"}",
                "{\"a\":1.0}",
                "{\"a\":1e2}",
                "{\"a\":-0}",
                "{\"a\":9007199254740992}",
                "{\"a\":99999999999999999999}",
                "{\"a\":1}{\"a\":1}",
                "[1]",
                "1",
                "true",
                "",
                "{",
                "{\"a\":{\"c\":1,\"b\":1}}"
            })
    void leavesWhatIsWrittenOtherwise(String json) {
        String member = "\"hash\":\"" + CanonicalJson.sha256(json.getBytes(UTF_8)) + "\",";
        assertThat(CanonicalScan.of(json.getBytes(UTF_8))).isEmpty();
        assertThat(CanonicalScan.of(json.replaceFirst("\\{", "{" + member).getBytes(UTF_8)))
                .isEmpty();
    }

    @Test
    void takesNothingThatTheCanonicalFormDoesNotConfirm() throws IOException {
        Random random = new Random(42);
        int taken = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] event = Trails.trail(Trails.RUN, 1).getFirst();
            for (int flips = random.nextInt(3); flips > 0; flips--) {
                event[random.nextInt(event.length)] ^= (byte) (1 << random.nextInt(7));
            }
            if (CanonicalScan.of(event).isPresent()) {
                taken++;
                assertThat(CanonicalJson.of(event)).isEqualTo(event);
            }
        }
        assertThat(taken).isGreaterThan(500);
    }

    @Test
    void saysOfEachRecordWhatTheSlowWaySays() {
        List<byte[]> trail = Trails.trail(Trails.RUN, 5);
        Map<String, byte[]> records = new LinkedHashMap<>();
        records.put("written", trail.get(2));
        records.put("altered", Trails.altered(trail.get(2), event -> event.put("type", "dev.airlock.run.ended.v1")));
        records.put("forged", Trails.forged(trail.get(2), event -> event.put("id", "nonsense")));
        records.put("without a hash", Trails.altered(trail.get(2), event -> event.remove("hash")));
        records.put("a hash of nothing", Trails.altered(trail.get(2), event -> event.put("hash", 1)));
        records.forEach((what, bytes) -> {
            AuditRecord fast = AuditRecord.read(bytes, 1);
            AuditRecord slow = AuditRecord.read((new String(bytes, UTF_8) + " ").getBytes(UTF_8), 1);
            assertThat(fast.sound()).as(what).isEqualTo(slow.sound());
            assertThat(fast.flaw()).as(what).isEqualTo(slow.flaw());
            assertThat(fast.said()).as(what).isEqualTo(slow.said());
            assertThat(fast.named()).as(what).isEqualTo(slow.named());
            assertThat(fast.hash()).as(what).isEqualTo(slow.hash());
            assertThat(fast.copies(slow)).as(what).isTrue();
        });
    }
}
