package dev.airlock.activities.validate;

import static dev.airlock.activities.validate.Changes.added;
import static dev.airlock.activities.validate.Changes.change;
import static dev.airlock.activities.validate.Changes.deleted;
import static dev.airlock.activities.validate.Changes.entry;
import static dev.airlock.activities.validate.Changes.link;
import static dev.airlock.activities.validate.Changes.modified;
import static dev.airlock.activities.validate.Changes.paths;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.airlock.activities.validate.Change.Kind;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.validate.Finding;
import dev.airlock.workflows.validate.Finding.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathsCheckTest {
    private static final StepUse.Paths ANY = Changes.ANY_PATH;

    @Test
    void plainChangesAreFine() {
        assertThat(paths(ANY, added("a/b.txt", "x"), modified("c", "1", "2"), deleted("d", "x"))
                        .list())
                .isEmpty();
        assertThat(paths(ANY).list()).isEmpty();
    }

    @Test
    void deniesEveryKindOfChangeInTheOrderOfPaths() {
        StepUse.Paths paths = new StepUse.Paths(List.of(), List.of("secret/**", "*.lock"));
        Validators.Found found = paths(
                paths,
                modified("secret/b", "1", "2"),
                deleted("secret/a", "x"),
                added("deep/secret/fine", "x"),
                added("deep/x.lock", "x"),
                added("x.lock", "x"));
        assertThat(found.list())
                .extracting(Finding::path, Finding::rule)
                .containsExactly(
                        tuple("secret/a", "paths/denied"),
                        tuple("secret/b", "paths/denied"),
                        tuple("x.lock", "paths/denied"));
        assertThat(found.list().get(0).message()).isEqualTo("the pipeline denies changes to secret/**");
        assertThat(found.blocking()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {".airlock/pipeline.yaml", ".airlock", ".Airlock/policy/x.cel", ".airlock/a/b/c"})
    void deniesItsOwnDirectoryWithoutBeingTold(String path) {
        assertThat(paths(ANY, added(path, "x")).blocking()).isOne();
        assertThat(paths(new StepUse.Paths(List.of(), List.of("docs/**")), added(path, "x"))
                        .blocking())
                .isOne();
        assertThat(paths(new StepUse.Paths(List.of("**"), List.of()), added(path, "x"))
                        .blocking())
                .isOne();
    }

    @Test
    void itsOwnDirectoryMayBeAllowedByName() {
        StepUse.Paths paths = new StepUse.Paths(List.of("src/**", ".airlock/pipelines/**"), List.of());
        assertThat(paths(paths, added(".airlock/pipelines/x.yaml", "x")).list()).isEmpty();
        assertThat(paths(paths, added(".airlock/pipeline.yaml", "x")).list())
                .extracting(Finding::rule)
                .containsExactly("paths/not-allowed");
    }

    @Test
    void allowsOnlyWhatIsListedAndDenyWins() {
        StepUse.Paths paths = new StepUse.Paths(List.of("src/**"), List.of("src/generated/**"));
        Validators.Found found =
                paths(paths, added("src/a", "x"), added("src/generated/a", "x"), deleted("README.md", "x"));
        assertThat(found.list()).extracting(Finding::rule).containsExactly("paths/not-allowed", "paths/denied");
    }

    @ParameterizedTest
    @CsvSource({
        "**, a/b/c, true",
        "*, a, true",
        "*, a/b, false",
        "a/*, a/b, true",
        "a/*, a/b/c, false",
        "a/**, a/b/c, true",
        "a/**, a, true",
        "a/**, ab, false",
        "**/x, x, true",
        "**/x, a/b/x, true",
        "**/x, a/bx, false",
        "a/**/x, a/x, true",
        "a/**/x, a/b/c/x, true",
        "a?c, abc, true",
        "a?c, a/c, false",
        "a.c, abc, false",
        "[a]{b}+(c), [a]{b}+(c), true",
        "grüße/*, grüße/ü, true",
        "*.txt, .txt, true"
    })
    void patternsMatchWholePaths(String glob, String path, boolean matches) {
        assertThat(new Globs(List.of(glob), 0).matching(path).isPresent()).isEqualTo(matches);
    }

    @Test
    void patternsTakeLinearTimeAndSeeEveryCharacter() {
        Globs globs = new Globs(List.of("**/a*".repeat(20) + "b"), 0);
        assertThat(globs.matching("/a".repeat(2000))).isEmpty();
        assertThat(new Globs(List.of("a/**"), 0).matching("a/new\nline")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "//x",
                "\\\\host\\share",
                "C:\\x",
                "..",
                "../..",
                "../../x",
                "b/../x",
                "b/../../../x",
                "./b/..",
                "..\\..\\x",
                "../.git/config",
                "../.GIT",
                ""
            })
    void refusesLinksThatLeaveOrMayLeave(String target) {
        Finding finding = paths(ANY, link("a/link", target)).list().get(0);
        if (target.equals("..")) {
            assertThat(finding.severity()).isEqualTo(Severity.WARN);
            return;
        }
        assertThat(finding.rule()).isEqualTo("links/escape");
        assertThat(finding.severity()).isEqualTo(Severity.BLOCK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "./b", "b/c/d", "../x", "../../x/y", "..", "...", ".github", "b//c", "c:"})
    void warnsOfLinksThatStay(String target) {
        assertThat(paths(ANY, link("a/b/link", target)).list()).singleElement().satisfies(each -> {
            assertThat(each.rule()).isEqualTo(target.equals("c:") ? "links/escape" : "links/changed");
        });
    }

    @Test
    void showsHostileTargetsSafelyAndBoundsThem() {
        String message = paths(ANY, link("a", "\u001b[31m\u202e\n" + "x".repeat(5000)))
                .list()
                .get(0)
                .message();
        assertThat(message)
                .hasSizeLessThan(400)
                .contains("\\u{1b}[31m\\u{202e}\\u{a}xxx")
                .endsWith("too long to be a path");
    }

    @Test
    void refusesSubmodulesAndTellsOfExecutables() {
        Validators.Found found = paths(
                ANY,
                change("module", null, entry(Kind.SUBMODULE, "")),
                change("new.sh", null, entry(Kind.EXECUTABLE, "x")),
                change("now.sh", entry(Kind.FILE, "x"), entry(Kind.EXECUTABLE, "x")),
                change("same.sh", entry(Kind.EXECUTABLE, "x"), entry(Kind.EXECUTABLE, "y")),
                change("was.sh", entry(Kind.EXECUTABLE, "x"), entry(Kind.FILE, "x")));
        assertThat(found.list())
                .extracting(each -> each.severity() + " " + each.rule() + " " + each.path())
                .containsExactly(
                        "BLOCK paths/submodule module",
                        "WARN paths/executable new.sh",
                        "WARN paths/executable now.sh",
                        "WARN paths/executable was.sh");
    }
}
