package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * Compares what the daemon says a container is with what it was to be. Daemons silently drop what they cannot do, so every
 * wanted field must be there, and every other field of the host configuration must be empty.
 */
final class DockerInspection {
    /** Ours must not be set; the daemon's defaults may differ in value, and are checked by other means or harmless. */
    private static final Set<String> DAEMONS_OWN = Set.of("MaskedPaths", "ReadonlyPaths", "ShmSize", "ConsoleSize");

    private static final List<String> MASKED =
            List.of("/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware");
    private static final List<String> READ_ONLY = List.of("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus");

    /** To learn how docker-java writes its types takes a mapper longer than everything else here. */
    private static final ObjectMapper DOCKER = new ObjectMapper();

    private final DockerProfile wanted;
    private final JsonNode found;
    private final List<String> differences = new ArrayList<>();

    private DockerInspection(DockerProfile wanted, JsonNode found) {
        this.wanted = wanted;
        this.found = found;
    }

    /** @throws SandboxException {@code ISOLATION_REFUSED}, naming each field that differs */
    static void require(DockerProfile wanted, JsonNode found) throws IOException {
        List<String> differences = differences(wanted, found);
        if (!differences.isEmpty()) {
            throw new SandboxException(
                    FailureType.ISOLATION_REFUSED,
                    "docker did not make " + wanted.spec().name() + " as asked, so it is not started: "
                            + String.join("; ", differences));
        }
    }

    /** Empty when the container is exactly the wanted one. */
    static List<String> differences(DockerProfile wanted, JsonNode found) {
        DockerInspection inspection = new DockerInspection(wanted, found);
        inspection.hostConfig();
        inspection.config();
        inspection.rest();
        return List.copyOf(inspection.differences);
    }

    private void hostConfig() {
        JsonNode want = DOCKER.valueToTree(wanted.hostConfig());
        JsonNode have = found.path("HostConfig");
        Set<String> names = new TreeSet<>();
        want.fieldNames().forEachRemaining(names::add);
        have.fieldNames().forEachRemaining(names::add);
        names.removeAll(DAEMONS_OWN);
        for (String name : names) {
            same("HostConfig." + name, want.path(name), have.path(name));
        }
        // Absent on the runtimes that have a kernel of their own, and on daemons too old to tell: those mask by
        // default.
        contains("HostConfig.MaskedPaths", have.path("MaskedPaths"), MASKED);
        contains("HostConfig.ReadonlyPaths", have.path("ReadonlyPaths"), READ_ONLY);
    }

    private void config() {
        JsonNode config = found.path("Config");
        text("Config.User", wanted.userName(), config.path("User"));
        text("Config.Hostname", "sandbox", config.path("Hostname"));
        text("Config.WorkingDir", SandboxLayout.WORKSPACE, config.path("WorkingDir"));
        flag("Config.OpenStdin", true, config.path("OpenStdin"));
        flag("Config.StdinOnce", false, config.path("StdinOnce"));
        flag("Config.Tty", false, config.path("Tty"));
        flag("Config.NetworkDisabled", true, config.path("NetworkDisabled"));
        empty("Config.Cmd", config.path("Cmd"));
        empty("Config.Volumes", config.path("Volumes"));
        empty("Config.ExposedPorts", config.path("ExposedPorts"));
        healthcheck(config.path("Healthcheck").path("Test"));
        for (Map.Entry<String, String> label : wanted.labels().entrySet()) {
            text(
                    "Config.Labels." + label.getKey(),
                    label.getValue(),
                    config.path("Labels").path(label.getKey()));
        }
    }

    private void rest() {
        text("Image", wanted.prepared(), found.path("Image"));
        text("Path", SandboxLayout.INIT_PATH, found.path("Path"));
        empty("Args", found.path("Args"));
        empty("Mounts", found.path("Mounts"));
        flag(
                "Name",
                true,
                found.path("Name").asText().equals("/" + wanted.spec().name()));
        found.path("NetworkSettings").path("Networks").fieldNames().forEachRemaining(name -> {
            if (!name.equals("none")) {
                differences.add("NetworkSettings.Networks has " + name);
            }
        });
    }

    /** An image may bring a health check, which would run beside sandbox-init; the prepared image switches it off. */
    private void healthcheck(JsonNode test) {
        Optional<String> kind =
                test.isEmpty() ? Optional.empty() : Optional.of(test.path(0).asText());
        if (kind.isPresent() && !kind.get().equals("NONE")) {
            differences.add("Config.Healthcheck is " + test);
        }
    }

    private void same(String field, JsonNode want, JsonNode have) {
        if (!equal(want, have)) {
            differences.add(field + " is " + shown(have) + ", not " + shown(want));
        }
    }

    /** Nothing, zero, false, the empty text, list and object are one and the same; numbers count, not their type. */
    private static boolean equal(JsonNode want, JsonNode have) {
        if (nothing(want) || nothing(have)) {
            return nothing(want) && nothing(have);
        }
        if (want.isNumber() && have.isNumber()) {
            return want.asLong() == have.asLong();
        }
        if (want.isObject() && have.isObject()) {
            Set<String> names = new TreeSet<>();
            want.fieldNames().forEachRemaining(names::add);
            have.fieldNames().forEachRemaining(names::add);
            return names.stream().allMatch(name -> equal(want.path(name), have.path(name)));
        }
        if (want.isArray() && have.isArray()) {
            return want.size() == have.size() && all(want, one -> any(have, other -> equal(one, other)));
        }
        return Objects.equals(want, have);
    }

    private static boolean nothing(JsonNode node) {
        if (node.isObject() && node.has("Name") && node.has("MaximumRetryCount")) {
            // A restart policy: older daemons say "", newer ones "no".
            return node.path("Name").asText().matches("|no");
        }
        return node.isMissingNode()
                || node.isNull()
                || (node.isContainerNode() && node.isEmpty())
                || (node.isTextual() && node.textValue().isEmpty())
                || (node.isBoolean() && !node.booleanValue())
                || (node.isNumber() && node.asDouble() == 0);
    }

    private static boolean all(JsonNode array, Predicate<JsonNode> test) {
        return StreamSupport.stream(array.spliterator(), false).allMatch(test);
    }

    private static boolean any(JsonNode array, Predicate<JsonNode> test) {
        return StreamSupport.stream(array.spliterator(), false).anyMatch(test);
    }

    private void contains(String field, JsonNode have, List<String> names) {
        for (String name : names) {
            if (!any(have, one -> one.asText().equals(name))) {
                differences.add(field + " lacks " + name);
            }
        }
    }

    private void text(String field, String want, JsonNode have) {
        if (!want.equals(have.asText())) {
            differences.add(field + " is " + shown(have) + ", not " + want);
        }
    }

    private void flag(String field, boolean want, JsonNode have) {
        flag(field, want, have.asBoolean());
    }

    private void flag(String field, boolean want, boolean have) {
        if (want != have) {
            differences.add(field + " is " + have + ", not " + want);
        }
    }

    private void empty(String field, JsonNode have) {
        if (!nothing(have)) {
            differences.add(field + " is " + shown(have) + ", not empty");
        }
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() > 120 ? text.substring(0, 120) + "…" : text.isEmpty() ? "absent" : text;
    }
}
