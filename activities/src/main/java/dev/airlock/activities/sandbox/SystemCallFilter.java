package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The profile of {@link SeccompProfile} as the program that the kernel runs (classic BPF over {@code struct seccomp_data}),
 * for whoever cannot read docker's JSON. What the profile does not name is refused as it says; the machine's second ABI and
 * calls younger than the profile are unknown ({@code ENOSYS}), so that libraries fall back.
 */
final class SystemCallFilter {
    private static final String NUMBERS = "syscalls.txt";
    private static final int ALLOW = 0x7fff0000;
    private static final int ERRNO = 0x00050000;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    private static final int LOAD = 0x20;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_GREATER = 0x25;
    private static final int IF_AT_LEAST = 0x35;
    private static final int AND = 0x54;
    private static final int RETURN = 0x06;

    private static final int NUMBER_AT = 0;
    private static final int ARCHITECTURE_AT = 4;
    private static final int ARGUMENTS_AT = 16;
    private static final int X32 = 0x40000000;
    private static final int FARTHEST = 255;

    private final Machine machine;
    private final List<Instruction> program = new ArrayList<>();

    private SystemCallFilter(Machine machine) {
        this.machine = machine;
    }

    /** A kind of machine. */
    enum Machine {
        X86_64(0xC000003E, 1),
        AARCH64(0xC00000B7, 2);

        private final int audit;
        private final int column;

        Machine(int audit, int column) {
            this.audit = audit;
            this.column = column;
        }
    }

    private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    /** The program for that machine. */
    static SystemCallFilter of(Machine machine) throws IOException {
        SystemCallFilter filter = new SystemCallFilter(machine);
        filter.write(SeccompProfile.rules(), numbers(machine));
        return filter;
    }

    /** Instructions as they lie in memory. */
    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction one : program) {
            bytes.putShort((short) one.code());
            bytes.put((byte) one.ifTrue()).put((byte) one.ifFalse()).putInt(one.value());
        }
        return bytes.array();
    }

    /** By name; what the machine does not have is absent. */
    static Map<String, Integer> numbers(Machine machine) throws IOException {
        Map<String, Integer> found = new HashMap<>();
        InputStream resource = Objects.requireNonNull(SystemCallFilter.class.getResourceAsStream(NUMBERS), NUMBERS);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split(" ", -1);
                if (!line.startsWith("#") && !columns[machine.column].equals("-")) {
                    found.put(columns[0], Integer.valueOf(columns[machine.column]));
                }
            }
        }
        return found;
    }

    private void write(JsonNode rules, Map<String, Integer> numbers) {
        Map<Integer, List<JsonNode>> byNumber = new TreeMap<>();
        for (JsonNode rule : rules) {
            for (JsonNode name : rule.path("names")) {
                Integer number = numbers.get(name.asText());
                if (number != null) {
                    byNumber.computeIfAbsent(number, ignored -> new ArrayList<>())
                            .add(rule);
                }
            }
        }
        add(LOAD, 0, 0, ARCHITECTURE_AT);
        add(IF_EQUAL, 1, 0, machine.audit);
        add(RETURN, 0, 0, ERRNO | ENOSYS);
        add(LOAD, 0, 0, NUMBER_AT);
        if (machine == Machine.X86_64) {
            add(IF_AT_LEAST, 0, 1, X32);
            add(RETURN, 0, 0, ERRNO | ENOSYS);
        }
        byNumber.forEach(this::addCall);
        add(
                IF_GREATER,
                0,
                1,
                numbers.values().stream().mapToInt(Integer::intValue).max().orElseThrow());
        add(RETURN, 0, 0, ERRNO | ENOSYS);
        add(RETURN, 0, 0, ERRNO | EPERM);
    }

    /** The first rule whose arguments fit decides; every path returns, so the next call still finds its number loaded. */
    private void addCall(int number, List<JsonNode> rules) {
        List<Instruction> body = new ArrayList<>();
        for (JsonNode rule : rules) {
            body.addAll(rule(rule));
        }
        body.add(new Instruction(RETURN, 0, 0, ERRNO | EPERM));
        if (body.size() > FARTHEST) {
            throw new IllegalStateException("too many rules for system call " + number);
        }
        add(IF_EQUAL, 0, body.size(), number);
        program.addAll(body);
    }

    private static List<Instruction> rule(JsonNode rule) {
        List<Condition> conditions = new ArrayList<>();
        for (JsonNode argument : rule.path("args")) {
            long value = argument.path("value").asLong();
            boolean masked = argument.path("op").asText().equals("SCMP_CMP_MASKED_EQ");
            if (!masked && !argument.path("op").asText().equals("SCMP_CMP_EQ")) {
                throw new IllegalStateException("no such comparison: " + argument);
            }
            long wanted = masked ? argument.path("valueTwo").asLong() : value;
            long mask = masked ? value : -1;
            int at = ARGUMENTS_AT + 8 * argument.path("index").asInt();
            conditions.add(new Condition(at + 4, (int) (mask >>> 32), (int) (wanted >>> 32)));
            conditions.add(new Condition(at, (int) mask, (int) wanted));
        }
        List<Instruction> body = new ArrayList<>();
        int left = conditions.stream().mapToInt(Condition::length).sum();
        for (Condition condition : conditions) {
            left -= condition.length();
            condition.addTo(body, left + 1);
        }
        body.add(new Instruction(RETURN, 0, 0, action(rule)));
        return body;
    }

    /** Half an argument: {@code (word & mask) == wanted}, else over what is left of the rule. */
    private record Condition(int at, int mask, int wanted) {
        int length() {
            return mask == -1 ? 2 : 3;
        }

        void addTo(List<Instruction> body, int otherwise) {
            body.add(new Instruction(LOAD, 0, 0, at));
            if (mask != -1) {
                body.add(new Instruction(AND, 0, 0, mask));
            }
            body.add(new Instruction(IF_EQUAL, 0, otherwise, wanted));
        }
    }

    private static int action(JsonNode rule) {
        return switch (rule.path("action").asText()) {
            case "SCMP_ACT_ALLOW" -> ALLOW;
            case "SCMP_ACT_ERRNO" -> ERRNO | rule.path("errnoRet").asInt(EPERM);
            default -> throw new IllegalStateException("no such action: " + rule);
        };
    }

    private void add(int code, int ifTrue, int ifFalse, int value) {
        program.add(new Instruction(code, ifTrue, ifFalse, value));
    }
}
