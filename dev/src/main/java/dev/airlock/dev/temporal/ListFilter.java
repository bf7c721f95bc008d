package dev.airlock.dev.temporal;

import io.grpc.Status;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What we take of Temporal's list filter language: {@code NAME = 'VALUE'}, joined by {@code AND}. */
record ListFilter(List<Term> terms) {
    private static final String TYPE = "WorkflowType";
    private static final String STATUS = "ExecutionStatus";
    private static final Pattern TERM = Pattern.compile("\\s*([A-Za-z]+)\\s*=\\s*'((?:[^']++|'')*+)'\\s*(AND\\b|$)");

    /** One equation. */
    record Term(String name, String value) {}

    ListFilter {
        terms = List.copyOf(terms);
    }

    /** @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for what we do not take */
    static ListFilter parse(String query) {
        List<Term> terms = new ArrayList<>();
        if (query.isBlank()) {
            return new ListFilter(terms);
        }
        Matcher matcher = TERM.matcher(query);
        int end = 0;
        boolean more = true;
        while (more) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw Status.INVALID_ARGUMENT
                        .withDescription("the in-memory Temporal lists by NAME = 'VALUE' AND … only, not by: " + query)
                        .asRuntimeException();
            }
            terms.add(new Term(matcher.group(1), unquoted(matcher.group(2))));
            more = !matcher.group(3).isEmpty();
            end = matcher.end();
        }
        return new ListFilter(terms);
    }

    private static String unquoted(String literal) {
        return literal.replace("''", "'").replace("\\\\", "\\");
    }

    /** Whether the type is right, which is known before the rest is. */
    boolean admitsType(WorkflowExecutionInfo workflow) {
        return terms.stream()
                .filter(term -> term.name().equals(TYPE))
                .allMatch(term -> term.value().equals(workflow.getType().getName()));
    }

    boolean admits(WorkflowExecutionInfo workflow) {
        return terms.stream()
                .filter(term -> !term.name().equals(TYPE))
                .allMatch(term -> term.value().equals(attribute(workflow, term.name())));
    }

    private static String attribute(WorkflowExecutionInfo workflow, String name) {
        if (name.equals(STATUS)) {
            return status(workflow);
        }
        Payload payload = workflow.getSearchAttributes().getIndexedFieldsMap().get(name);
        String text = payload == null
                ? null
                : DefaultDataConverter.STANDARD_INSTANCE.fromPayload(payload, String.class, String.class);
        return text == null ? "" : text;
    }

    /** As the filter language spells it: {@code Running}, {@code TimedOut}. */
    private static String status(WorkflowExecutionInfo workflow) {
        String name = workflow.getStatus().name().replace("WORKFLOW_EXECUTION_STATUS_", "");
        return Arrays.stream(name.split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
