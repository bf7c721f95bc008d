package dev.airlock.evidence.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Set;

/**
 * Everything that proves an ended run, in one artifact, so that it can be shown and verified after every retention has
 * passed: its audit events with their offsets, up to and with the one that ends it, the evidence documents that were up for
 * review, and the decisions. The same events make the same bytes.
 */
public final class RunBundle {
    public static final String SCHEMA = "airlock/bundle/v1";

    /** A document of evidence holds digests only; a larger artifact is none. */
    private static final int LARGEST_EVIDENCE = 1024 * 1024;

    private final ObjectNode bundle = Payloads.mapper().createObjectNode();
    private final ArrayNode events = Payloads.mapper().createArrayNode();
    private final ArrayNode decisions = Payloads.mapper().createArrayNode();
    private final ObjectNode evidence = Payloads.mapper().createObjectNode();
    private final Set<Digest> contents = new HashSet<>();
    private final ArtifactStore artifacts;

    /** An empty one. */
    public RunBundle(RunId run, String topic, int partition, ArtifactStore artifacts) {
        this.artifacts = artifacts;
        bundle.put("schema", SCHEMA);
        bundle.put("run", run.value());
        ObjectNode audit = bundle.putObject("audit");
        audit.put("topic", topic);
        audit.put("partition", partition);
        audit.set("events", events);
        bundle.set("decisions", decisions);
        bundle.set("evidence", evidence);
    }

    /**
     * The run's next record; a copy of an earlier one is left out.
     *
     * @throws UncheckedIOException if the evidence that it names cannot be read
     */
    public void add(long offset, byte[] record) {
        JsonNode event = event(record);
        if (!contents.add(CanonicalJson.digest(event))) {
            return;
        }
        events.addObject().put("offset", offset).set("event", event);
        JsonNode data = event.path("data");
        switch (event.path("type").asText()) {
            case "dev.airlock.review.opened.v1" ->
                addEvidence(data.path("evidence").asText());
            case "dev.airlock.review.decided.v1" -> {
                ObjectNode decision = data.deepCopy();
                decisions.add(decision.put("time", event.path("time").asText()));
            }
            default -> {
                // Stands among the events, and nowhere else.
            }
        }
    }

    /** What is no event stands in the trail all the same; it is kept as the text that it is. */
    private static JsonNode event(byte[] record) {
        try {
            return CanonicalJson.tree(record);
        } catch (IOException e) {
            return TextNode.valueOf(new String(record, StandardCharsets.UTF_8));
        }
    }

    private void addEvidence(String digest) {
        try (InputStream document = artifacts.open(new Digest(digest))) {
            evidence.set(digest, CanonicalJson.tree(document.readNBytes(LARGEST_EVIDENCE)));
        } catch (NoSuchFileException e) {
            // It has been removed, and the bundle says what it was called.
            evidence.putNull(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps it. */
    public Digest store() throws IOException {
        return artifacts.put(CanonicalJson.bytes(bundle));
    }
}
