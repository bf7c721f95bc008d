package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.activities.sandbox.SystemCallFilter.Machine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program says of every call what docker's JSON says of it. */
class SystemCallFilterTest {
    private static final Path X86_HEADER = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
    private static final Path GENERIC_HEADER = Path.of("/usr/include/asm-generic/unistd.h");
    private static final int ALLOW = 0x7fff0000;
    private static final int EPERM = 0x00050001;
    private static final int ENOSYS = 0x00050026;

    private static int audit(Machine machine) {
        return switch (machine) {
            case X86_64 -> 0xC000003E;
            case AARCH64 -> 0xC00000B7;
        };
    }

    /** As the kernel would run it. */
    private static int verdict(ByteBuffer program, int architecture, int number, long... arguments) {
        ByteBuffer call = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        call.putInt(0, number).putInt(4, architecture);
        for (int i = 0; i < arguments.length; i++) {
            call.putLong(16 + 8 * i, arguments[i]);
        }
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int value = program.getInt(8 * at + 4);
            int code = program.getShort(8 * at);
            boolean yes;
            switch (code) {
                case 0x20 -> {
                    accumulator = call.getInt(value);
                    continue;
                }
                case 0x54 -> {
                    accumulator &= value;
                    continue;
                }
                case 0x06 -> {
                    return value;
                }
                case 0x15 -> yes = accumulator == value;
                case 0x25 -> yes = Integer.compareUnsigned(accumulator, value) > 0;
                case 0x35 -> yes = Integer.compareUnsigned(accumulator, value) >= 0;
                default -> throw new AssertionError("an instruction of code " + code);
            }
            at += program.get(8 * at + (yes ? 2 : 3)) & 0xff;
        }
    }

    private static int expected(List<JsonNode> rules, long... arguments) {
        for (JsonNode rule : rules) {
            if (fits(rule, arguments)) {
                return rule.path("action").asText().equals("SCMP_ACT_ALLOW")
                        ? ALLOW
                        : 0x00050000 | rule.path("errnoRet").asInt();
            }
        }
        return EPERM;
    }

    private static Map<String, List<JsonNode>> rules() throws IOException {
        Map<String, List<JsonNode>> rules = new HashMap<>();
        for (JsonNode rule : SeccompProfile.rules()) {
            rule.path("names")
                    .forEach(name -> rules.computeIfAbsent(name.asText(), ignored -> new ArrayList<>())
                            .add(rule));
        }
        return rules;
    }

    private static boolean fits(JsonNode rule, long... arguments) {
        for (JsonNode one : rule.path("args")) {
            long argument = arguments[one.path("index").asInt()];
            long value = one.path("value").asLong();
            boolean fits = one.path("op").asText().equals("SCMP_CMP_EQ")
                    ? argument == value
                    : (argument & value) == one.path("valueTwo").asLong();
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer program(Machine machine) throws IOException {
        return ByteBuffer.wrap(SystemCallFilter.of(machine).bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @EnumSource
    void saysOfEachCallWhatTheProfileSays(Machine machine) throws Exception {
        ByteBuffer program = program(machine);
        assertThat(program.capacity() / 8).isLessThan(4096);
        Map<Integer, String> names = new HashMap<>();
        SystemCallFilter.numbers(machine).forEach((name, number) -> names.put(number, name));
        int last = names.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
        Map<String, List<JsonNode>> rules = rules();
        Random random = new Random(7);
        long[] telling = {
            0,
            1,
            2,
            6,
            8,
            10,
            15,
            17,
            0x10000000,
            0x20000,
            0x20008,
            0x800,
            0xffffffffL,
            -1,
            1L << 32,
            0x1000,
            0x8000,
            0x2000
        };
        for (int number = 0; number <= last; number++) {
            for (int round = 0; round < 300; round++) {
                long[] arguments = new long[6];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] =
                            telling[random.nextInt(telling.length)] | (round % 3 == 0 ? random.nextInt(4) << 10 : 0);
                }
                String name = names.getOrDefault(number, "");
                int verdict = verdict(program, audit(machine), number, arguments);
                if (verdict != expected(rules.getOrDefault(name, List.of()), arguments)) {
                    fail("%s (%d) with %s gives %x", name, number, Arrays.toString(arguments), verdict);
                }
            }
        }
        assertThat(verdict(program, audit(machine), last + 1)).as("younger").isEqualTo(ENOSYS);
    }

    @ParameterizedTest
    @EnumSource
    void knowsNoOtherAbi(Machine machine) throws Exception {
        ByteBuffer program = program(machine);
        int getpid = SystemCallFilter.numbers(machine).getOrDefault("getpid", -1);
        assertThat(verdict(program, audit(machine), getpid)).isEqualTo(ALLOW);
        assertThat(verdict(program, 0x40000003, getpid)).as("32 bit").isEqualTo(ENOSYS);
        assertThat(verdict(program, audit(machine), getpid | 0x40000000))
                .as("x32")
                .isEqualTo(ENOSYS);
    }

    /** No other machine has this header. */
    @Test
    @EnabledOnOs(architectures = "amd64")
    void numbersAreThoseOfTheKernelsHeader() throws Exception {
        assertNumbers(Machine.X86_64, X86_HEADER);
    }

    @Test
    void numbersAreThoseOfTheKernelsHeaderForNewMachines() throws Exception {
        assertNumbers(Machine.AARCH64, GENERIC_HEADER);
    }

    /** Both come with the compiler's library; a header older than a call does not know it. */
    private static void assertNumbers(Machine machine, Path header) throws IOException {
        Matcher defined =
                Pattern.compile("#define __NR(?:3264)?_(\\w+)\\s+(\\d+)").matcher(Files.readString(header));
        Map<String, Integer> ours = SystemCallFilter.numbers(machine);
        int compared = 0;
        while (defined.find()) {
            Integer number = ours.get(defined.group(1));
            if (number != null) {
                assertThat(number).as(defined.group(1)).isEqualTo(Integer.valueOf(defined.group(2)));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(ours.size() - 10);
    }
}
