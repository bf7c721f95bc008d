package dev.airlock.starter.push;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one line that tells people what a change is. */
final class Descriptions {
    private static final int LONGEST = 160;
    private static final Pattern HEADING = Pattern.compile("^[#\\s]+");
    private static final Pattern NOT_SHOWN = Pattern.compile("[\\p{Cntrl}\\s]+");

    private Descriptions() {}

    static String of(PushRequest request) {
        String given = request.origin().description();
        String text = given == null || given.isBlank() ? made(request.content()) : given;
        return bounded(text);
    }

    private static String made(PushRequest.Content content) {
        return switch (content) {
            case PushRequest.Content.Directory directory ->
                "Change from " + name(directory.path().getFileName());
            case PushRequest.Content.Task task ->
                task.text()
                        .lines()
                        .map(line -> HEADING.matcher(line).replaceFirst("").strip())
                        .filter(line -> !line.isEmpty())
                        .findFirst()
                        .orElse("A task");
            case PushRequest.Content.Files files -> changed(files.changes());
            case PushRequest.Content.Archive archive -> "Change from an archive";
            case PushRequest.Content.Branch branch -> "Change from branch " + branch.name();
        };
    }

    private static String changed(List<PushRequest.FileChange> changes) {
        String more = changes.size() == 1 ? "" : " and " + (changes.size() - 1) + " more";
        return changes.isEmpty() ? "A change" : "Change " + changes.getFirst().path() + more;
    }

    private static String name(@Nullable Object file) {
        return file == null || file.toString().isEmpty() || file.toString().equals(".")
                ? "a directory"
                : file.toString();
    }

    /** It goes into a commit's subject and a terminal's line: no line ends, no controls, not too long. */
    private static String bounded(String text) {
        String line = NOT_SHOWN.matcher(text).replaceAll(" ").strip();
        if (line.codePointCount(0, line.length()) <= LONGEST) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }
}
