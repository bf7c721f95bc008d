package dev.airlock.workspace.condition;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.NullValue;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A condition over an event: {@code type} and {@code source} are texts, {@code data} is whatever the event brought. It is
 * checked when it is compiled, has no effects, and its cost is bounded, whatever the data: by the length of the text, by
 * the steps of an evaluation, and by linear regular expressions. Immutable and safe for many threads.
 */
public final class EventCondition {
    /** Characters of a condition. */
    public static final int LONGEST = 2000;

    /** Steps of an evaluation: values that are looked up or computed. */
    private static final int MOST_STEPS = 20_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(LONGEST)
            .maxParseRecursionDepth(64)
            .comprehensionMaxIterations(2_000)
            .enableHeterogeneousNumericComparisons(true)
            .build();
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("type", SimpleType.STRING)
            .addVar("source", SimpleType.STRING)
            .addVar("data", SimpleType.DYN)
            .setResultType(SimpleType.BOOL)
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

    private final CelRuntime.Program program;

    private EventCondition(CelRuntime.Program program) {
        this.program = program;
    }

    /** @throws ConditionException if the text is no condition; the message names the first mistake and its place in it */
    public static EventCondition compile(String text) throws ConditionException {
        if (text.codePointCount(0, text.length()) > LONGEST) {
            throw new ConditionException("longer than " + LONGEST + " characters");
        }
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(text).getAst();
            return new EventCondition(RUNTIME.createProgram(tree));
        } catch (CelValidationException e) {
            throw new ConditionException(e.getErrors().stream()
                    .findFirst()
                    .map(EventCondition::shown)
                    .orElse("no condition"));
        } catch (CelEvaluationException e) {
            throw new ConditionException(oneLine(String.valueOf(e.getMessage())));
        }
    }

    /** @throws ConditionException if the data lacks what the condition looks at, or deciding it takes too long */
    public boolean holds(String source, String type, JsonNode data) throws ConditionException {
        Map<String, Object> event = Map.of("source", source, "type", type, "data", value(data));
        int[] steps = {0};
        try {
            Object answer = program.trace(event, (expression, value) -> {
                if (++steps[0] > MOST_STEPS) {
                    throw new TooManySteps();
                }
            });
            if (answer instanceof Boolean holds) {
                return holds;
            }
            throw new ConditionException("it gives no true or false for this data");
        } catch (CelEvaluationException e) {
            throw new ConditionException(oneLine(String.valueOf(e.getMessage())));
        } catch (TooManySteps e) {
            throw new ConditionException("it takes more than " + MOST_STEPS + " steps for this data");
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static String shown(CelIssue issue) {
        return oneLine(issue.getMessage()) + " (in its line "
                + issue.getSourceLocation().getLine() + ", column "
                + (issue.getSourceLocation().getColumn() + 1) + ")";
    }

    private static String oneLine(String text) {
        String line =
                text.replace(" (in container '')", "").replaceAll("\\s+", " ").strip();
        return line.length() <= 200 ? line : line.substring(0, 199) + "…";
    }

    private static Object value(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> map = new HashMap<>();
                json.properties().forEach(member -> map.put(member.getKey(), value(member.getValue())));
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                json.forEach(element -> list.add(value(element)));
                yield list;
            }
            case NUMBER ->
                json.canConvertToLong() && json.isIntegralNumber() ? json.longValue() : (Object) json.doubleValue();
            case BOOLEAN -> json.booleanValue();
            case STRING -> json.textValue();
            default -> NullValue.NULL_VALUE;
        };
    }
}
