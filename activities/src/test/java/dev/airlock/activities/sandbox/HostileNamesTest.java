package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".git",
                ".GIT",
                ".gIt/config",
                "a/.git",
                "git~1",
                "GIT~2/x",
                ".git.",
                ".git ",
                ".git. .",
                ".git::$INDEX_ALLOCATION",
                ".git:stream",
                ".g\u200cit",
                "\u200d.git",
                ".gi\u2060t",
                ".git\ufeff",
                "\uff0egit",
                ".g\u00adit",
                ".\uff27it",
                ".gi\ufe00t"
            })
    void knowsGitInEverySpelling(String path) {
        assertThat(HostileNames.spellsGit(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {".gitignore", "git", "a.git", ".github/x", "git~", ".gitmodules", "digit~1", "..git"})
    void doesNotTakeHonestNamesForGit(String path) {
        assertThat(HostileNames.spellsGit(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/a",
                "a//b",
                "a/",
                "./a",
                "a/../b",
                "..",
                "a\nb",
                "a\u001b[0m",
                "a\u0000b",
                "a\\b",
                "C:x",
                "c:/x",
                "a\u0085"
            })
    void refusesWhatIsNotOnePlainPath(String path) {
        assertThat(HostileNames.malformed(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b.txt", "ä/ö", "日本語", "a b", "...", "-rf", "ab:c", "😀"})
    void takesHonestPaths(String path) {
        assertThat(HostileNames.malformed(path)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"README,readme", "ä,a\u0308", "Straße,STRASSE", "ſ,s", "K,k", "a\u200bb,ab", "İ,i\u0307"})
    void knowsNamesThatAreOneOnSomeFileSystem(String one, String other) {
        assertThat(HostileNames.key(one)).isEqualTo(HostileNames.key(other));
    }

    @ParameterizedTest
    @CsvSource({"l,..", "a/l,../..", "l,a/../..", "l,d/../x", "a/b/l,../../../x", "a/l,./../../x", "l,a/.."})
    void knowsLinksThatMayLeave(String path, String target) {
        assertThat(HostileNames.leaves(path, target)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"l,a", "a/l,..", "a/l,../b", "a/b/l,../../c/d", "l,./a/./b", "l,a//b"})
    void knowsLinksThatStay(String path, String target) {
        assertThat(HostileNames.leaves(path, target)).isFalse();
    }
}
