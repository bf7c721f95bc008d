package dev.airlock.cli.demo;

import dev.airlock.cli.session.Text.Colour;

/** How a line of a diff is shown. */
final class DiffColours {
    private DiffColours() {}

    static Colour of(String line) {
        if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("diff ") || line.startsWith("index ")) {
            return Colour.FAINT;
        }
        if (line.startsWith("@@")) {
            return Colour.MARK;
        }
        if (line.startsWith("+")) {
            return Colour.GOOD;
        }
        return line.startsWith("-") ? Colour.BAD : Colour.PLAIN;
    }
}
