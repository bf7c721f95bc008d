package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No link of a document leads nowhere. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*\\]\\(([^)\\s]+)\\)|(?:src|href)=\"([^\"]+)\"");
    private static final Pattern OUTSIDE = Pattern.compile("(https?|mailto):.*");

    @Test
    void everyLinkLeadsSomewhere() {
        List<String> dead = new ArrayList<>();
        List<Page> pages = Page.all();
        for (Page page : pages) {
            for (String line : page.prose()) {
                Matcher link = LINK.matcher(line);
                while (link.find()) {
                    String target = link.group(1) == null ? link.group(2) : link.group(1);
                    if (!OUTSIDE.matcher(target).matches() && !leads(page, target)) {
                        dead.add(page + " → " + target);
                    }
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(pages).hasSizeGreaterThan(10);
    }

    /** A newcomer starts at the README and finds every page from there. */
    @Test
    void everyPageOfDocsIsLinkedFromTheReadme() {
        String readme = String.join("\n", Page.of("README.md").lines());
        assertThat(Page.all().stream().map(Page::toString))
                .filteredOn(name -> name.matches("docs/[^/]*\\.md"))
                .allSatisfy(name -> assertThat(readme).contains("(" + name));
    }

    private static boolean leads(Page from, String target) {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path path =
                file.isEmpty() ? from.path() : from.path().resolveSibling(file).normalize();
        if (!path.startsWith(Sources.HOME) || !Files.exists(path)) {
            return false;
        }
        return hash < 0
                || Page.of(Sources.HOME.relativize(path).toString()).anchors().contains(target.substring(hash + 1));
    }
}
