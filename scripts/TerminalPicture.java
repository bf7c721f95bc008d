import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws what a terminal showed: {@code java scripts/TerminalPicture.java TRANSCRIPT PICTURE.svg TITLE}. The transcript is what a
 * program wrote to a terminal, with its colours and with lines that it wrote over ({@code scripts/picture.sh} records one). The same
 * transcript gives the same picture. No fonts, scripts or addresses are loaded by it.
 */
public final class TerminalPicture {
    private static final double COLUMN = 8.0;
    private static final int ROW = 18;
    private static final int MARGIN = 18;
    private static final int BAR = 34;
    private static final int COLUMNS = 88;
    private static final String PAPER = "#16181d";
    private static final String INK = "#d6d9df";

    private TerminalPicture() {}

    /** How a character looks. */
    private record Look(String colour, boolean bold, boolean faint) {
        static final Look PLAIN = new Look(INK, false, false);

        Look with(int code) {
            return switch (code) {
                case 0 -> PLAIN;
                case 1 -> new Look(colour, true, faint);
                case 2 -> new Look(colour, bold, true);
                case 22 -> new Look(colour, false, false);
                case 31, 91 -> new Look("#f2777a", bold, faint);
                case 32, 92 -> new Look("#8fd18f", bold, faint);
                case 33, 93 -> new Look("#ffcc66", bold, faint);
                case 34, 94 -> new Look("#7cb0f2", bold, faint);
                case 35, 95 -> new Look("#d49ad4", bold, faint);
                case 36, 96 -> new Look("#66cccc", bold, faint);
                case 39 -> new Look(INK, bold, faint);
                default -> this;
            };
        }

        String attributes() {
            return " fill=\"" + colour + "\"" + (bold ? " font-weight=\"bold\"" : "") + (faint ? " opacity=\"0.62\"" : "");
        }
    }

    private record Cell(int character, Look look) {}

    public static void main(String[] arguments) throws IOException {
        List<List<Cell>> screen = play(Files.readString(Path.of(arguments[0])));
        Files.writeString(Path.of(arguments[1]), draw(screen, arguments[2]));
    }

    /** The lines as they stood in the end. */
    private static List<List<Cell>> play(String transcript) {
        List<List<Cell>> lines = new ArrayList<>();
        List<Cell> line = new ArrayList<>();
        Look look = Look.PLAIN;
        int column = 0;
        int[] all = transcript.codePoints().toArray();
        for (int i = 0; i < all.length; i++) {
            int character = all[i];
            if (character == '\n') {
                lines.add(line);
                line = new ArrayList<>();
                column = 0;
            } else if (character == '\r') {
                column = 0;
            } else if (character == 0x1b && i + 1 < all.length && all[i + 1] == '[') {
                int end = i + 2;
                while (end < all.length && (all[end] < '@' || all[end] > '~')) {
                    end++;
                }
                String parameters = new String(all, i + 2, end - i - 2);
                if (end < all.length && all[end] == 'm') {
                    look = looks(look, parameters);
                } else if (end < all.length && all[end] == 'K') {
                    line.subList(Math.min(column, line.size()), line.size()).clear();
                }
                i = end;
            } else if (character >= ' ') {
                while (line.size() < column) {
                    line.add(new Cell(' ', Look.PLAIN));
                }
                Cell cell = new Cell(character, look);
                if (column < line.size()) {
                    line.set(column, cell);
                } else {
                    line.add(cell);
                }
                column++;
            }
        }
        lines.add(line);
        while (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        while (!lines.isEmpty() && lines.getFirst().isEmpty()) {
            lines.removeFirst();
        }
        return lines;
    }

    private static Look looks(Look before, String parameters) {
        Look look = before;
        for (String code : parameters.split(";")) {
            look = look.with(code.isEmpty() ? 0 : Integer.parseInt(code));
        }
        return look;
    }

    private static String draw(List<List<Cell>> lines, String title) {
        int width = (int) (COLUMNS * COLUMN) + 2 * MARGIN;
        int height = BAR + lines.size() * ROW + 2 * MARGIN;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\""
                .formatted(width, height, width, height));
        svg.append(" font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"13\">\n");
        svg.append("<title>").append(escaped(title)).append("</title>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" rx=\"9\" fill=\"").append(PAPER).append("\"/>\n");
        String[] buttons = {"#f2777a", "#ffcc66", "#8fd18f"};
        for (int i = 0; i < buttons.length; i++) {
            svg.append("<circle cx=\"%d\" cy=\"17\" r=\"5.5\" fill=\"%s\"/>\n".formatted(MARGIN + 4 + 18 * i, buttons[i]));
        }
        svg.append("<text x=\"50%%\" y=\"21\" text-anchor=\"middle\" fill=\"%s\" opacity=\"0.62\">%s</text>\n"
                .formatted(INK, escaped(title)));
        for (int row = 0; row < lines.size(); row++) {
            spans(svg, lines.get(row), BAR + MARGIN + row * ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    /** Characters that look alike and stand side by side are one element, as wide as they are on a terminal. */
    private static void spans(StringBuilder svg, List<Cell> line, int y) {
        int from = 0;
        while (from < line.size()) {
            int to = from;
            StringBuilder text = new StringBuilder();
            while (to < line.size() && line.get(to).look().equals(line.get(from).look())) {
                text.appendCodePoint(line.get(to).character());
                to++;
            }
            String shown = text.toString();
            int blanks = shown.length() - shown.stripLeading().length();
            String words = shown.strip();
            if (!words.isEmpty()) {
                int characters = words.codePointCount(0, words.length());
                svg.append("<text x=\"%s\" y=\"%d\" textLength=\"%s\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\"%s>%s</text>\n"
                        .formatted(
                                number(MARGIN + (from + blanks) * COLUMN),
                                y,
                                number(characters * COLUMN),
                                line.get(from).look().attributes(),
                                escaped(words)));
            }
            from = to;
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
