package dev.airlock.workspace.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemRepositoryTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path workspaces;

    @Test
    void keepsEachStateOnTheOneBefore() throws IOException {
        try (SystemRepository system = SystemRepository.in(workspaces)) {
            assertThat(system.tip()).isEmpty();
            String first = append(system, null, Map.of("audit/0/heads", "a", "audit/key", "k"));
            String second = append(system, first, Map.of("audit/0/heads", "b", "audit/10/heads", "ä"));

            assertThat(system.tip()).contains(second);
            assertThat(text(system, first, "audit/0/heads")).contains("a");
            assertThat(text(system, second, "audit/0/heads")).contains("b");
            assertThat(text(system, second, "audit/key")).contains("k");
            assertThat(text(system, second, "audit/7/heads")).isEmpty();
            assertThat(text(system, second, "audit/0")).isEmpty();
            List<String> visited = new ArrayList<>();
            system.history((commit, changed) -> visited.add(commit + new TreeSet<>(changed.keySet())));
            assertThat(visited)
                    .containsExactly(first + "[audit/0/heads, audit/key]", second + "[audit/0/heads, audit/10/heads]");
        }
        try (SystemRepository again = SystemRepository.in(workspaces)) {
            assertThat(again.tip()).isPresent();
        }
    }

    @Test
    void travelsAsAGitBundle() throws IOException {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        String second;
        try (SystemRepository system = SystemRepository.in(workspaces.resolve("here"))) {
            String first = append(system, null, Map.of("audit/0/heads", "a"));
            second = append(system, first, Map.of("audit/0/heads", "b"));
            append(system, second, Map.of("audit/0/heads", "c"));
            system.writeBundle(second, bundle);
        }
        byte[] bytes = bundle.toByteArray();
        try (SystemRepository copy = SystemRepository.ofBundle(new ByteArrayInputStream(bytes), empty("there"))) {
            assertThat(copy.tip()).contains(second);
            List<String> visited = new ArrayList<>();
            copy.history((commit, changed) -> visited.add(commit));
            assertThat(visited).hasSize(2).endsWith(second);
        }
        for (int length : new int[] {0, 10, bytes.length / 2, bytes.length - 1}) {
            byte[] cut = Arrays.copyOf(bytes, length);
            Path directory = empty("cut" + length);
            assertThatThrownBy(() -> SystemRepository.ofBundle(new ByteArrayInputStream(cut), directory))
                    .isInstanceOf(IOException.class);
        }
        byte[] altered = bytes.clone();
        altered[bytes.length - 40] ^= 1;
        Path directory = empty("altered");
        assertThatThrownBy(() -> SystemRepository.ofBundle(new ByteArrayInputStream(altered), directory))
                .isInstanceOf(IOException.class);
    }

    private Path empty(String name) throws IOException {
        return Files.createDirectory(workspaces.resolve(name));
    }

    @Test
    void isNoWorkspace() throws IOException {
        SystemRepository.in(workspaces).close();

        assertThat(new Workspaces(workspaces).list()).isEmpty();
        assertThatThrownBy(() -> new Workspaces(workspaces).open("system")).isInstanceOf(WorkspaceException.class);
    }

    @Test
    void refusesAStateThatAnotherOneOvertook() throws IOException {
        try (SystemRepository system = SystemRepository.in(workspaces)) {
            String first = append(system, null, Map.of("audit/key", "k"));
            assertThat(system.append(null, bytes(Map.of("audit/key", "l")), TIME, "late\n"))
                    .isEmpty();
            String second = append(system, first, Map.of("audit/key", "m"));
            assertThat(system.append(first, bytes(Map.of("audit/key", "n")), TIME, "late\n"))
                    .isEmpty();
            assertThat(system.tip()).contains(second);
        }
    }

    @Test
    void keepsOneHistoryForManyWriters() throws Exception {
        int writers = 8;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<Integer>> won = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int writer = i;
                won.add(threads.submit(() -> race(writer)));
            }
            int all = 0;
            for (Future<Integer> each : won) {
                all += each.get();
            }
            List<String> history = new ArrayList<>();
            try (SystemRepository system = SystemRepository.in(workspaces)) {
                system.history((commit, changed) -> history.add(commit));
            }
            assertThat(history).hasSize(all).doesNotHaveDuplicates();
            assertThat(all).isBetween(10, writers * 10);
        }
    }

    private int race(int writer) throws IOException {
        int won = 0;
        try (SystemRepository system = SystemRepository.in(workspaces)) {
            for (int i = 0; i < 10; i++) {
                String parent = system.tip().orElse(null);
                won += system.append(parent, bytes(Map.of("audit/key", writer + " " + i)), TIME, "race\n")
                                .isPresent()
                        ? 1
                        : 0;
            }
        }
        return won;
    }

    @Test
    void goesOnAfterAWriterWasKilledWithTheRefLocked() throws IOException {
        try (SystemRepository system = SystemRepository.in(workspaces)) {
            String first = append(system, null, Map.of("audit/key", "k"));
            Files.createFile(workspaces.resolve("system.git/refs/heads/checkpoints.lock"));

            append(system, first, Map.of("audit/key", "l"));
        }
    }

    private static String append(SystemRepository system, @Nullable String parent, Map<String, String> files)
            throws IOException {
        return system.append(parent, bytes(files), TIME, "State\n").orElseThrow();
    }

    private static Map<String, byte[]> bytes(Map<String, String> files) {
        return files.entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, file -> file.getValue().getBytes(UTF_8)));
    }

    private static Optional<String> text(SystemRepository system, String commit, String path) throws IOException {
        return system.read(commit, path).map(bytes -> new String(bytes, UTF_8));
    }
}
