package dev.airlock.cli.help;

import java.util.List;

/**
 * Commands that belong together.
 *
 * @param heading what they are for
 * @param names in the order of use
 */
public record CommandGroup(String heading, List<String> names) {
    public CommandGroup {
        names = List.copyOf(names);
    }
}
