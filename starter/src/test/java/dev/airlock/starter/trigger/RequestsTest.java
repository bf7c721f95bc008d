package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.push.PushRequest.Content;
import dev.airlock.workflows.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
    @Test
    void readsATask() throws Exception {
        ChangeRequested asked = Requests.read(event(
                "{'workspace':'w','author':'agent:a','task':'t','branch':'b'," + "'pipeline':'p','description':'d'}"));

        assertThat(asked.content()).isEqualTo(new Content.Task("t"));
        assertThat(asked.branch()).isEqualTo("b");
        assertThat(asked.pipeline()).isEqualTo("p");
    }

    @Test
    void aBranchAloneIsTheCandidate() throws Exception {
        ChangeRequested asked = Requests.read(event("{'workspace':'w','author':'user:a','branch':'feature/x'}"));

        assertThat(asked.content()).isEqualTo(new Content.Branch("feature/x"));
        assertThat(asked.branch()).as("the change is for the live branch").isNull();
    }

    @Test
    void readsABundleOfFiles() throws Exception {
        ChangeRequested asked = Requests.read(event("{'workspace':'w','author':'user:a','bundle':{'files':{"
                + "'a':'text','b':{'base64':'AAE=','executable':true},'c':null}}}"));

        Content.Files files = (Content.Files) asked.content();
        assertThat(files.whole()).isFalse();
        assertThat(files.changes()).extracting("path").containsExactly("a", "b", "c");
        assertThat(files.changes().get(0).content()).isEqualTo("text".getBytes(StandardCharsets.UTF_8));
        assertThat(files.changes().get(1).content()).isEqualTo(new byte[] {0, 1});
        assertThat(files.changes().get(1).executable()).isTrue();
        assertThat(files.changes().get(2).content()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null|data is missing",
                "[]|data is no object",
                "{'author':'user:a','task':'t'}|data.workspace is missing",
                "{'workspace':7,'author':'user:a','task':'t'}|data.workspace is no string",
                "{'workspace':'w','task':'t'}|data.author is missing",
                "{'workspace':'w','author':'anna','task':'t'}|user:NAME",
                "{'workspace':'w','author':'user:a'}|nothing to carry",
                "{'workspace':'w','author':'user:a','task':'t','bundle':{}}|both a task and a bundle",
                "{'workspace':'w','author':'user:a','task':'t','pipline':'p'}|did you mean pipeline?",
                "{'workspace':'w','author':'user:a','bundle':{}}|either files or the digest",
                "{'workspace':'w','author':'user:a','bundle':{'digest':'sha256:1'}}|64 hexadecimal digits",
                "{'workspace':'w','author':'user:a','bundle':{'files':[]}}|no object of paths",
                "{'workspace':'w','author':'user:a','bundle':{'files':{'a':7}}}|is no object",
                "{'workspace':'w','author':'user:a','bundle':{'files':{'a':{}}}}|either text or base64",
                "{'workspace':'w','author':'user:a','bundle':{'files':{'a':{'base64':'%'}}}}|is no base64",
                "{'workspace':'w','author':'user:a','bundle':{'files':{},'whole':'yes'}}|neither true nor false",
                "{'workspace':'w','author':'user:a','task':'\\udc00'}|half a character",
            })
    void tellsWhatIsWrong(String data, String told) throws Exception {
        CloudEvent event = event(data);
        Unacceptable refusal = catchThrowableOfType(Unacceptable.class, () -> Requests.read(event));

        assertThat(refusal).isNotNull();
        assertThat(refusal.why()).isEqualTo(Cause.INVALID_REQUEST);
        assertThat(refusal.text()).contains(told);
    }

    @Test
    void readsAnEventForARun() throws Exception {
        CloudEvent event = new CloudEvent(
                "/s",
                "1",
                RunEvents.TYPE,
                "run-aaaaaaaaaaaaaaaaaaaaaaaaaa",
                null,
                null,
                null,
                Payloads.mapper().readTree("{\"event\":\"deployed\",\"data\":{\"to\":[1]}}"));

        RunEvents.Addressed addressed = RunEvents.read(event, Instant.EPOCH);

        assertThat(addressed.run().value()).isEqualTo("run-aaaaaaaaaaaaaaaaaaaaaaaaaa");
        assertThat(addressed.event().data()).isEqualTo("{\"to\":[1]}");
        assertThat(addressed.event().type()).isEqualTo("deployed");
        assertThat(addressed.event().time()).isEqualTo(Instant.EPOCH);
    }

    private static CloudEvent event(String data) throws JsonProcessingException {
        var json = Payloads.mapper().readTree(data.replace('\'', '"'));
        return new CloudEvent(
                "/s",
                "1",
                Requests.TYPE,
                null,
                null,
                null,
                null,
                json.isNull() ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : json);
    }
}
