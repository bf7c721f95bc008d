package dev.airlock.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Random;

/** What a chaos case counted: one line for whoever watches, kept in {@code target/chaos.txt}. */
final class Tally {
    private final StringBuilder line;

    Tally(String name) {
        line = new StringBuilder("chaos: ").append(name);
    }

    Tally add(String name, Object value) {
        Object shown = value instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : value;
        line.append(' ').append(name).append('=').append(shown);
        return this;
    }

    void tell() {
        System.out.println(line);
        Path file = Airlock.HOME.resolve("target/chaos.txt");
        try {
            Files.createDirectories(Airlock.HOME.resolve("target"));
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A whole number that the command line may set, such as {@code -Dchaos.outage=600}. */
    static int setting(String name, int otherwise) {
        return Integer.getInteger("chaos." + name, otherwise);
    }

    /** Decides when things happen; with the seed that a case printed, the same again. */
    static Random random(Tally tally) {
        long seed = Long.getLong("chaos.seed", System.nanoTime());
        tally.add("seed", seed);
        return new Random(seed);
    }
}
