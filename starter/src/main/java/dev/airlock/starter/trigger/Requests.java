package dev.airlock.starter.trigger;

import static dev.airlock.starter.trigger.DataReader.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Shown;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.PushRequest.Content;
import dev.airlock.starter.push.PushRequest.FileChange;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Reads the data of {@code dev.airlock.change.requested.v1}; docs/events.md says what it may hold. */
final class Requests {
    /** The type of event that asks for a run. */
    static final String TYPE = "dev.airlock.change.requested.v1";

    private static final List<String> MEMBERS =
            List.of("workspace", "branch", "pipeline", "task", "bundle", "author", "description");
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TEXT = 4096;
    private static final int LONGEST_TASK = 256 * 1024;

    private Requests() {}

    static ChangeRequested read(CloudEvent event) throws Unacceptable {
        DataReader data = new DataReader(event.data(), "data", MEMBERS);
        String branch = data.textOrNull("branch", LONGEST_NAME);
        Content content = content(data);
        return new ChangeRequested(
                data.text("workspace", LONGEST_NAME),
                content instanceof Content.Branch ? null : branch,
                data.textOrNull("pipeline", LONGEST_NAME),
                content,
                author(data.text("author", LONGEST_NAME)),
                data.textOrNull("description", LONGEST_TEXT));
    }

    private static Content content(DataReader data) throws Unacceptable {
        if (data.has("task") && data.has("bundle")) {
            throw invalid("data has both a task and a bundle; an agent makes the change, or you bring it");
        }
        if (data.has("task")) {
            return new Content.Task(data.text("task", LONGEST_TASK));
        }
        if (data.has("bundle")) {
            return bundle(data.node("bundle"));
        }
        String branch = data.textOrNull("branch", LONGEST_NAME);
        if (branch == null) {
            throw invalid("data has no task, no bundle and no branch: there is nothing to carry");
        }
        return new Content.Branch(branch);
    }

    private static Content bundle(JsonNode node) throws Unacceptable {
        DataReader bundle = new DataReader(node, "data.bundle", List.of("files", "digest", "whole"));
        if (bundle.has("files") == bundle.has("digest")) {
            throw invalid("data.bundle needs either files or the digest of a tar in the artifact store");
        }
        boolean whole = bundle.flag("whole");
        if (bundle.has("digest")) {
            return new Content.Archive(digest(bundle.text("digest", LONGEST_NAME)), whole);
        }
        JsonNode files = bundle.node("files");
        if (!files.isObject()) {
            throw invalid("data.bundle.files is no object of paths");
        }
        List<FileChange> changes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> file : files.properties()) {
            changes.add(change(file.getKey(), file.getValue()));
        }
        return new Content.Files(changes, whole);
    }

    private static FileChange change(String path, JsonNode content) throws Unacceptable {
        if (content.isNull()) {
            return new FileChange(path, false, null);
        }
        if (content.isTextual()) {
            return new FileChange(path, false, content.asText().getBytes(StandardCharsets.UTF_8));
        }
        DataReader file = new DataReader(
                content, "data.bundle.files." + Shown.text(path), List.of("text", "base64", "executable"));
        if (file.has("text") == file.has("base64")) {
            throw invalid("the file " + Shown.text(path) + " needs either text or base64");
        }
        byte[] bytes = file.has("text")
                ? file.text("text", LONGEST_TASK).getBytes(StandardCharsets.UTF_8)
                : decoded(path, file.text("base64", LONGEST_TASK));
        return new FileChange(path, file.flag("executable"), bytes);
    }

    private static byte[] decoded(String path, String base64) throws Unacceptable {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw invalid("the file " + Shown.text(path) + " is no base64");
        }
    }

    private static Digest digest(String text) throws Unacceptable {
        try {
            return new Digest(text);
        } catch (IllegalArgumentException e) {
            throw invalid("data.bundle.digest is " + Shown.text(text) + ", not sha256: and 64 hexadecimal digits");
        }
    }

    private static Principal author(String text) throws Unacceptable {
        try {
            return new Principal(text);
        } catch (IllegalArgumentException e) {
            throw invalid("data.author is " + Shown.text(text) + ", not user:NAME, agent:NAME or service:NAME");
        }
    }

    /** The same as a push by any other way in: source and id name the run. */
    static PushRequest push(CloudEvent event, ChangeRequested asked) {
        return new PushRequest(
                new PushRequest.Origin(
                        asked.author(), asked.description(), event.source(), event.id(), event.traceparent()),
                asked.workspace(),
                asked.branch(),
                asked.pipeline(),
                asked.content());
    }
}
