package dev.airlock.bench.report;

/**
 * What a row is held to.
 *
 * @param of the ratio, or our own number
 * @param most whether the bound is an upper one
 */
public record Goal(Of of, boolean most, double bound, String unit) {
    /** What is compared with the bound. */
    public enum Of {
        RATIO,
        VALUE
    }

    public static Goal ratioAtMost(double bound) {
        return new Goal(Of.RATIO, true, bound, "x");
    }

    public static Goal ratioAtLeast(double bound) {
        return new Goal(Of.RATIO, false, bound, "x");
    }

    public static Goal valueAtMost(double bound, String unit) {
        return new Goal(Of.VALUE, true, bound, unit);
    }

    boolean met(double ratio, double value) {
        double number = of == Of.RATIO ? ratio : value;
        return most ? number <= bound : number >= bound;
    }

    /** Such as {@code ≤ 4.5x}. */
    public String text() {
        return (most ? "≤ " : "≥ ") + Numbers.text(bound) + (unit.equals("x") ? "x" : " " + unit);
    }
}
