package dev.airlock.system.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What the audit topic holds, counted without any of the product's code that writes or verifies it.
 *
 * @param records everything that was appended
 * @param events different ids
 * @param copies records with an id and bytes that were there before
 * @param conflicts ids with different bytes
 * @param gaps what is missing in the numbers of an incarnation
 * @param types how often a run tells each type of event, copies apart
 */
public record Trail(
        int records,
        int events,
        int copies,
        List<String> conflicts,
        List<String> gaps,
        Map<String, Map<String, Integer>> types) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public Trail {
        conflicts = List.copyOf(conflicts);
        gaps = List.copyOf(gaps);
        types = Map.copyOf(types);
    }

    /** Reads all of it, up to where it ends now. */
    public static Trail read(KafkaClients kafka) {
        Reading reading = new Reading();
        try (Consumer<String, byte[]> consumer = kafka.reader("chaos-trail")) {
            List<TopicPartition> places = consumer.partitionsFor(Topics.AUDIT, PATIENCE).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places, PATIENCE);
            while (places.stream()
                    .anyMatch(place -> consumer.position(place, PATIENCE) < ends.getOrDefault(place, 0L))) {
                consumer.poll(Duration.ofMillis(500)).forEach(reading::take);
            }
        }
        return reading.trail();
    }

    /** How many events of that type the run tells. */
    public int count(String run, String type) {
        return types.getOrDefault(run, Map.of()).getOrDefault("dev.airlock." + type + ".v1", 0);
    }

    /** How many events the run tells, copies apart. */
    public long events(String run) {
        return types.getOrDefault(run, Map.of()).values().stream()
                .mapToLong(Integer::longValue)
                .sum();
    }

    private static final class Reading {
        private final Map<String, Set<String>> contents = new HashMap<>();
        private final Map<String, Set<Long>> numbers = new TreeMap<>();
        private final Map<String, Map<String, Integer>> types = new TreeMap<>();
        private int records;

        void take(ConsumerRecord<String, byte[]> record) {
            String text = new String(record.value(), StandardCharsets.UTF_8);
            JsonNode event = parsed(text);
            String id = event.path("id").asText();
            records++;
            boolean fresh = !contents.containsKey(id);
            contents.computeIfAbsent(id, any -> new HashSet<>()).add(text);
            if (!fresh) {
                return;
            }
            String chain = event.path("subject").asText() + "/"
                    + event.path("incarnation").asText();
            numbers.computeIfAbsent(chain, any -> new HashSet<>())
                    .add(event.path("sequence").asLong());
            types.computeIfAbsent(event.path("subject").asText(), any -> new TreeMap<>())
                    .merge(event.path("type").asText(), 1, Integer::sum);
        }

        private static JsonNode parsed(String text) {
            try {
                return Payloads.mapper().readTree(text);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + text, e);
            }
        }

        Trail trail() {
            List<String> conflicts = new ArrayList<>();
            int distinct = 0;
            for (Map.Entry<String, Set<String>> one : contents.entrySet()) {
                distinct += one.getValue().size();
                if (one.getValue().size() > 1) {
                    conflicts.add(one.getKey() + ": " + one.getValue());
                }
            }
            List<String> gaps = new ArrayList<>();
            numbers.forEach((chain, seen) -> {
                for (long i = 1; i <= seen.size(); i++) {
                    if (!seen.contains(i)) {
                        gaps.add(chain + "/" + i);
                    }
                }
            });
            return new Trail(records, contents.size(), records - distinct, conflicts, gaps, types);
        }
    }
}
