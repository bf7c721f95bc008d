package dev.airlock.starter.cloudevent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken of what strangers write, and what they are told of the rest. */
class CloudEventsTest {
    private static final String GOOD =
            "{'specversion':'1.0','id':'7','source':'/s','type':'t','time':'2026-11-23T15:00:00.5+01:00','data':{'a':1}}";

    @Test
    void readsTheStructuredForm() throws Unacceptable {
        CloudEvent event = CloudEvents.read(
                record(json(GOOD), "content-type", "application/cloudevents+json; charset=UTF-8", "traceparent", "tp"));

        assertThat(event.id()).isEqualTo("7");
        assertThat(event.source()).isEqualTo("/s");
        assertThat(event.time()).isEqualTo("2026-11-23T14:00:00.500Z");
        assertThat(event.data().path("a").asInt()).isEqualTo(1);
        assertThat(event.traceparent()).as("of the Kafka client").isEqualTo("tp");
        assertThat(CloudEvents.read(record(json(GOOD))))
                .as("without any header")
                .isNotNull();
    }

    @Test
    void readsTheBinaryForm() throws Unacceptable {
        CloudEvent event = CloudEvents.read(record(
                json("{'a':'ä'}"),
                "ce_specversion",
                "1.0",
                "ce_id",
                "é\uD83D\uDE80",
                "ce_source",
                "/s",
                "ce_type",
                "t",
                "ce_subject",
                "run",
                "ce_dedupekey",
                "k",
                "ce_traceparent",
                "own",
                "traceparent",
                "client's",
                "content-type",
                "application/vnd.x+json"));

        assertThat(event.id()).isEqualTo("é\uD83D\uDE80");
        assertThat(event.subject()).isEqualTo("run");
        assertThat(event.dedupeKey()).isEqualTo("k");
        assertThat(event.traceparent()).isEqualTo("own");
        assertThat(event.data().path("a").asText()).isEqualTo("ä");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NOT_JSON|{'a':1|end",
                "NOT_JSON|{'a':1}{'b':2}|not one JSON value but 2",
                "NOT_JSON|{'id':'1','id':'2'}|id",
                "NOT_JSON|{'n':12345678901234567890}|write it as a string",
                "NOT_JSON|{'n':1e999}|too large",
                "NOT_JSON|NaN|NaN",
                "NOT_A_CLOUDEVENT|[]|array",
                "NOT_A_CLOUDEVENT|'text'|string",
                "NOT_A_CLOUDEVENT|{}|specversion is missing",
                "NOT_A_CLOUDEVENT|{'specversion':'0.3','id':'1','source':'s','type':'t'}|only 1.0",
                "NOT_A_CLOUDEVENT|{'specversion':1.0}|specversion is no string",
                "NOT_A_CLOUDEVENT|{'specversion':'1.0','source':'s','type':'t'}|id is missing",
                "NOT_A_CLOUDEVENT|{'specversion':'1.0','id':' ','source':'s','type':'t'}|id is missing or empty",
                "NOT_A_CLOUDEVENT|{'specversion':'1.0','id':'1\\u0000','source':'s','type':'t'}|control character",
                "NOT_A_CLOUDEVENT|{'specversion':'1.0','id':'\\ud800','source':'s','type':'t'}|half a character",
                "NOT_A_CLOUDEVENT|{'specversion':'1.0','id':'1','source':'s','type':'t','time':'today'}|RFC 3339",
                "NOT_A_CLOUDEVENT|{'specversion':'1.0','id':'1','source':'s','type':'t','data_base64':'AA=='}|data as JSON",
                "NOT_A_CLOUDEVENT|{'specversion':'1.0','id':'1','source':'s','type':'t','datacontenttype':'text/xml'}|only JSON",
            })
    void tellsWhatIsWrong(Cause cause, String value, String told) {
        assertRefused(cause, told, record(json(value)));
    }

    @Test
    void refusesWhatIsNoTextOrTooMuch() {
        assertRefused(Cause.EMPTY, "tombstone", record(null));
        assertRefused(Cause.EMPTY, "empty", record(new byte[0]));
        assertRefused(Cause.NOT_UTF8, "not UTF-8", record(new byte[] {'{', (byte) 0xff, '}'}));
        assertRefused(Cause.TOO_LARGE, "at most 262144", record(new byte[CloudEvents.MOST_BYTES + 1]));
        byte[] deep = ("[".repeat(10_000) + "]".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
        assertRefused(Cause.NOT_JSON, "depth", record(deep));
        byte[] digits = ("{\"n\":" + "9".repeat(100_000) + "}").getBytes(StandardCharsets.UTF_8);
        assertRefused(Cause.NOT_JSON, "", record(digits));
        String longId = GOOD.replace("'7'", "'" + "x".repeat(513) + "'");
        assertRefused(Cause.NOT_A_CLOUDEVENT, "id has 513 characters", record(json(longId)));
    }

    @Test
    void refusesHeadersThatContradictThemselves() {
        assertRefused(Cause.BAD_HEADERS, "twice", record(json("{}"), "ce_id", "1", "CE_ID", "2"));
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_id", new byte[] {(byte) 0xc0});
        Incoming raw = Records.incoming(0, null, json(GOOD), headers);
        assertRefused(Cause.BAD_HEADERS, "no UTF-8", raw);
        assertRefused(
                Cause.NOT_A_CLOUDEVENT,
                "one event a record",
                record(json("[]"), "content-type", "application/cloudevents-batch+json"));
        assertRefused(
                Cause.NOT_A_CLOUDEVENT,
                "only the JSON form",
                record(json("{}"), "content-type", "application/cloudevents+avro"));
    }

    @Test
    void takesNoNoticeOfHeadersThatMeanNothing() throws Unacceptable {
        RecordHeaders headers = new RecordHeaders();
        headers.add("retry_topic-original-timestamp", new byte[] {(byte) 0xff});
        headers.add("x", null);
        headers.add("x", new byte[0]);
        Incoming record = Records.incoming(0, null, json(GOOD), headers);

        assertThat(CloudEvents.read(record).id()).isEqualTo("7");
    }

    private static void assertRefused(Cause cause, String told, Incoming record) {
        Unacceptable refusal = catchThrowableOfType(Unacceptable.class, () -> CloudEvents.read(record));
        assertThat(refusal).isNotNull();
        assertThat(refusal.why()).as(refusal.text()).isEqualTo(cause);
        assertThat(refusal.text()).contains(told).doesNotContain("\n").hasSizeLessThan(400);
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static Incoming record(byte @Nullable [] value, String... headers) {
        RecordHeaders items = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            items.add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return Records.incoming(0, null, value, items);
    }
}
