package dev.airlock.platform.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What file, environment and flags say, before anybody knows which keys there are. */
record SettingSources(
        Map<String, Given> file, Map<String, Given> variables, Map<String, Given> flags, List<String> problems) {

    /** A value with the place that a person finds it at. */
    record Given(String key, String value, String origin) {}

    static SettingSources read(Path file, Map<String, String> environment, Map<String, String> flags) {
        List<String> problems = new ArrayList<>();
        Map<String, Given> fromFile = new TreeMap<>();
        load(file, problems)
                .forEach((key, value) -> fromFile.put(
                        key.toString(),
                        new Given(key.toString(), value.toString().strip(), key + " in " + file)));
        Map<String, Given> fromVariables = new TreeMap<>();
        environment.forEach((name, value) -> {
            // As everywhere in the shell's world, an empty variable is one that is not set.
            if (name.startsWith("AIRLOCK_") && !Settings.isReserved(name) && !value.isEmpty()) {
                fromVariables.put(name, new Given(name, value, name));
            }
        });
        Map<String, Given> fromFlags = new TreeMap<>();
        flags.forEach((key, value) -> fromFlags.put(key, new Given(key, value, "--" + key)));
        return new SettingSources(fromFile, fromVariables, fromFlags, problems);
    }

    private static Properties load(Path file, List<String> problems) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return properties;
        } catch (IOException | IllegalArgumentException e) {
            problems.add(file + " cannot be read as a properties file: " + e.getMessage());
        }
        return properties;
    }

    /** The value that wins. */
    @Nullable
    Given find(String key) {
        Given flag = flags.get(key);
        if (flag != null) {
            return flag;
        }
        Given variable = variables.get(Settings.variable(key));
        return variable != null ? variable : file.get(key);
    }

    /** First words behind {@code prefix}; those of variables in lower case, since a variable's name has no other. */
    SortedSet<String> names(String prefix) {
        SortedSet<String> names = new TreeSet<>();
        for (Map<String, Given> source : List.of(file, flags)) {
            source.keySet().forEach(key -> addName(names, key, prefix, '.'));
        }
        variables.keySet().forEach(name -> addName(names, name, Settings.variable(prefix), '_'));
        return names;
    }

    private static void addName(SortedSet<String> names, String key, String prefix, char end) {
        int dot = key.indexOf(end, prefix.length());
        if (key.startsWith(prefix) && dot > prefix.length()) {
            names.add(key.substring(prefix.length(), dot).toLowerCase(Locale.ROOT));
        }
    }

    /** What the file and the flags say under keys that are not {@code known}. */
    List<Given> notIn(Set<String> known) {
        List<Given> unknown = new ArrayList<>();
        for (Map<String, Given> source : List.of(file, flags)) {
            source.values().stream()
                    .filter(given -> !known.contains(given.key()))
                    .forEach(unknown::add);
        }
        return unknown;
    }

    /** Our variables that belong to no {@code known} key. */
    List<Given> variablesNotIn(Set<String> known) {
        Set<String> expected = known.stream().map(Settings::variable).collect(Collectors.toSet());
        return variables.values().stream()
                .filter(given -> !expected.contains(given.key()))
                .toList();
    }
}
