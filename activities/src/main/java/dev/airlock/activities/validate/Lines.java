package dev.airlock.activities.validate;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Where the lines of a block are. */
final class Lines {
    private final TextBlocks.Block block;

    /** Places of the line breaks; made when somebody asks. */
    private int[] breaks = {};

    private boolean known;

    Lines(TextBlocks.Block block) {
        this.block = block;
    }

    /** Number of the line that holds a place. */
    int number(int place) {
        if (!known) {
            String text = block.text();
            breaks = IntStream.range(0, text.length())
                    .filter(each -> text.charAt(each) == '\n')
                    .toArray();
            known = true;
        }
        int index = Arrays.binarySearch(breaks, place);
        return block.firstLine() + (index < 0 ? -index - 1 : index);
    }

    /** The lines from one place to another, cut off that many characters before and after. */
    String around(int from, int to, int most) {
        String text = block.text();
        int start = from;
        while (start > 0 && from - start < most && text.charAt(start - 1) != '\n') {
            start--;
        }
        int end = to;
        while (end < text.length() && end - to < most && text.charAt(end) != '\n') {
            end++;
        }
        return text.substring(start, end);
    }
}
