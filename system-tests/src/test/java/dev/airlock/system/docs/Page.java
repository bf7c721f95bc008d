package dev.airlock.system.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document of the repository, as far as tests need to understand Markdown. */
record Page(Path path, List<String> lines) {
    private static final Pattern FENCE = Pattern.compile("\\s*```(.*)");
    private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.*)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A fenced block: what stands behind the fence, and the text. */
    record Block(String info, String text, int line) {}

    static Page of(String name) {
        return read(Sources.HOME.resolve(name));
    }

    /** Every document that is kept with the sources. */
    static List<Page> all() {
        return Sources.files(name -> name.endsWith(".md")).stream()
                .map(Page::read)
                .toList();
    }

    private static Page read(Path file) {
        return new Page(file, Sources.text(file).lines().toList());
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        String info = null;
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                text.append(info == null ? "" : lines.get(i) + "\n");
                continue;
            }
            if (info != null) {
                blocks.add(new Block(info, text.toString(), start));
                info = null;
                continue;
            }
            info = fence.group(1).strip();
            start = i + 1;
            text.setLength(0);
        }
        return blocks;
    }

    List<Block> blocks(String info) {
        return blocks().stream().filter(block -> block.info().equals(info)).toList();
    }

    /** The lines outside of fenced blocks; those inside are empty. */
    List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            boolean fence = FENCE.matcher(line).matches();
            inside ^= fence;
            prose.add(inside || fence ? "" : line);
        }
        return prose;
    }

    /** The rows of the first table below a heading, without its head: cells as they are written. */
    List<List<String>> table(String heading) {
        List<String> section = section(heading);
        List<List<String>> rows = new ArrayList<>();
        for (String line : section) {
            if (line.startsWith("|")) {
                rows.add(cells(line));
            } else if (!rows.isEmpty()) {
                break;
            }
        }
        if (rows.size() < 3) {
            throw new AssertionError(path + " has no table below '" + heading + "'");
        }
        return rows.subList(2, rows.size());
    }

    /** From a heading to the next one of any level. */
    List<String> section(String heading) {
        List<String> section = new ArrayList<>();
        boolean found = false;
        for (String line : prose()) {
            Matcher next = HEADING.matcher(line);
            if (next.matches()) {
                if (found) {
                    return section;
                }
                found = next.group(2).equals(heading);
            } else if (found) {
                section.add(line);
            }
        }
        if (!found) {
            throw new AssertionError(path + " has no heading '" + heading + "'");
        }
        return section;
    }

    /** The names of headings in links, as GitHub makes them. */
    List<String> anchors() {
        List<String> anchors = new ArrayList<>();
        for (String line : prose()) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String name = heading.group(2)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                int before = anchors.contains(name) ? 1 : 0;
                anchors.add(before == 0 ? name : name + "-" + before);
            }
        }
        return anchors;
    }

    private static List<String> cells(String row) {
        List<String> cells = new ArrayList<>();
        // A bar in a cell is written \|
        for (String cell : row.substring(1).split("(?<!\\\\)\\|")) {
            cells.add(cell.strip());
        }
        return cells;
    }

    /** Every `code` of a text. */
    static List<String> codes(String text) {
        return CODE.matcher(text).results().map(match -> match.group(1)).toList();
    }

    @Override
    public String toString() {
        return Sources.HOME.relativize(path).toString();
    }
}
