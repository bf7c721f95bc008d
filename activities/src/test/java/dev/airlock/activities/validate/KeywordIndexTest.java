package dev.airlock.activities.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeywordIndexTest {

    @Test
    void findsKeywordsInsideAndAcrossEachOther() {
        assertThat(places(List.of("he", "she", "his", "hers"), "uSHErs, his"))
                .containsExactly("she@4", "he@4", "hers@6", "his@11");
    }

    @Test
    void foldsAsciiOnly() {
        assertThat(places(List.of("key"), "KEY \u212aey ke\u00ffy key")).containsExactly("key@3", "key@16");
    }

    @Test
    void findsWhatASearchForEachKeywordFinds() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<String> keywords = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String keyword = word(random, 1 + random.nextInt(4));
                if (!keywords.contains(keyword)) {
                    keywords.add(keyword);
                }
            }
            String text = word(random, 60);
            List<String> expected = new ArrayList<>();
            for (String keyword : keywords) {
                for (int at = text.indexOf(keyword); at >= 0; at = text.indexOf(keyword, at + 1)) {
                    expected.add(keyword + "@" + (at + keyword.length()));
                }
            }
            assertThat(places(keywords, text)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        random.ints(length, 'a', 'd').forEach(word::appendCodePoint);
        return word.toString();
    }

    private static List<String> places(List<String> keywords, String text) {
        List<String> places = new ArrayList<>();
        new KeywordIndex(keywords).scan(text, (keyword, end) -> places.add(keywords.get(keyword) + "@" + end));
        return places;
    }
}
