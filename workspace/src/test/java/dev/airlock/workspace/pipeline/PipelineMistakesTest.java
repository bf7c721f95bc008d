package dev.airlock.workspace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake by line, column, path and words. */
final class PipelineMistakesTest {
    private static final String FLAWLESS = """
            pipeline: orders
            limits: { attempts: 3, deadline: 3d }
            steps:
              - id: generate
                uses: generate
                with: { agent: { run: [python3, agent.py], from: base } }
              - id: validate
                uses: validate
                with: { checks: [paths, size], size: { file: 1Mi } }
              - id: test
                uses: sandbox
                needs: [validate]
                with: { run: make test, limits: { cpu: 500m, memory: 512Mi, timeout: 10m }, network: none }
              - id: review
                uses: review
                with: { approvals: 1, from: [reviewer], not: [author], timeout: 2d }
              - id: promote
                uses: promote
                with: { branch: main }
            """;

    @Test
    void judgesWhatAStepWaitsForAndWhatItSends() {
        assertThat(mistakes("""
                        pipeline: orders
                        steps:
                          - id: deployed
                            uses: wait
                            with: { event: { type: deploy.finished, match: "dta.ok", timeout: 0s } }
                          - id: any
                            uses: wait
                            with: { event: { type: "two words" } }
                          - id: what
                            uses: wait
                          - id: tell
                            uses: emit
                            with: { topic: airlock.audit, type: t, data: { a: [1, two, null] } }
                        """))
                .hasSize(5)
                .satisfiesExactly(
                        match -> assertThat(match)
                                .startsWith("5:52 steps[0].with.event.match: no condition in CEL: undeclared reference")
                                .contains("'dta'")
                                .contains("(in its line 1, column 1)"),
                        timeout -> assertThat(timeout).contains("steps[0].with.event.timeout: no time at all"),
                        type -> assertThat(type).startsWith("8:28 steps[1].with.event.type: 'two words' is not"),
                        with -> assertThat(with).startsWith("9:5 steps[2]").contains("with"),
                        topic -> assertThat(topic)
                                .startsWith("13:20 steps[3].with.topic: topics that begin with 'airlock.'"));
    }

    @Test
    void reportsThreeMistakesAtOnce() {
        assertThat(mistakes("""
                        pipeline: orders
                        steps:
                          - id: test
                            uses: sandbox
                            with:
                              run: make test
                              limits: { memory: 512MB }
                          - id: review
                            uses: reveiw
                            with: { whatever: 1 }
                          - id: promote
                            uses: promote
                            needs: [tset]
                        """))
                .containsExactly(
                        "7:25 steps[0].with.limits.memory: '512MB' is not a size such as 64Ki, 512Mi, 1Gi or a number of bytes",
                        "9:11 steps[1].uses: 'reveiw' is not one of generate, validate, sandbox, review, promote, wait, emit [review]",
                        "13:13 steps[2].needs[0]: no step 'tset'; did you mean 'test'? [test]");
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        assertThat(mistakes(FLAWLESS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pipeline: orders           | pipelin: orders             | 1:1 pipelin: unknown key 'pipelin'; did you mean 'pipeline'? [pipeline]
            pipeline: orders           | pipeline: [orders]          | 1:11 pipeline: a list is not a name: up to 64 letters, digits, dots, hyphens and underscores, a letter or digit first
            pipeline: orders           | pipeline: o r               | 1:11 pipeline: 'o r' is not a name: up to 64 letters, digits, dots, hyphens and underscores, a letter or digit first
            attempts: 3                | attempts: 0                 | 2:21 limits.attempts: '0' is less than 1
            attempts: 3                | attempts: three             | 2:21 limits.attempts: 'three' is not a whole number
            attempts: 3                | attempts: 99                | 2:21 limits.attempts: 5 steps tried 99 times are over 300; take fewer of either
            deadline: 3d               | deadline: 3 days            | 2:34 limits.deadline: '3 days' is not a duration such as 90s, 10m, 1h30m or 3d
            deadline: 3d               | deadline: 0d                | 2:34 limits.deadline: no time at all; write at least 1s
            id: validate               | id: generate                | 7:9 steps[1].id: step 'generate' is there already, in line 4
            id: test                   | id: base                    | 10:9 steps[2].id: no step can be called 'base'; that is what the run started from
            id: test                   | idd: test                   | 10:5 steps[2].idd: unknown key 'idd'; did you mean 'id'? [id]
            id: test                   | ID: test                    | 10:5 steps[2].ID: unknown key 'ID'; did you mean 'id'? [id]
            uses: sandbox              | uses: docker                | 11:11 steps[2].uses: 'docker' is not one of generate, validate, sandbox, review, promote, wait, emit
            uses: sandbox              | when: x                     | 10:5 steps[2]: 'uses' is missing
            needs: [validate]          | needs: [validat]            | 12:13 steps[2].needs[0]: no step 'validat'; did you mean 'validate'? [validate]
            needs: [validate]          | needs: [generate]           | 12:12 steps[2].needs: step 'test' could run beside 'validate'; that is not supported yet, so let one need the other
            needs: [validate]          | needs: [review]             | 12:12 steps[2].needs: steps need each other: test needs review needs test
            needs: [validate]          | needs: validate             | 12:12 steps[2].needs: 'validate' is not a list
            needs: [validate]          | when: "true"                | 12:5 steps[2].when: 'when' is not supported yet; leave it out
            needs: [validate]          | foreach: files              | 12:5 steps[2].foreach: 'foreach' is not supported yet; leave it out
            from: base                 | from: start                 | 6:54 steps[0].with.agent.from: 'start' is not one of base
            checks: [paths, size]      | checks: [path, size]        | 9:22 steps[1].with.checks[0]: 'path' is not one of paths, size, secrets, pii, injection, hidden-text, conventions [paths]
            checks: [paths, size]      | checks: [paths, pii]        | 9:29 steps[1].with.checks[1]: check 'pii' is not supported yet
            checks: [paths, size]      | policy: a.cel               | 9:13 steps[1].with.policy: 'policy' is not supported yet; leave it out
            agent: {                   | model: big, agent: {        | 6:13 steps[0].with.model: 'model' is not supported yet; leave it out
            agent: {                   | candidates: 5, agent: {     | 6:13 steps[0].with.candidates: 'candidates' is not supported yet; leave it out
            run: make test             | runn: make test             | 13:13 steps[2].with.runn: unknown key 'runn'; did you mean 'run'? [run]
            run: make test             | image: tools                | 13:11 steps[2].with: 'run' is missing
            run: make test             | run: ""                     | 13:18 steps[2].with.run: '' is not a command: a text is given to /bin/sh -c, a list is executed as it is
            run: make test             | run: []                     | 13:18 steps[2].with.run: an empty list; something must be in it
            cpu: 500m                  | cpu: many                   | 13:44 steps[2].with.limits.cpu: 'many' is not a number of processors such as 1 or 0.5, or thousandths of one such as 500m
            cpu: 500m                  | cpu: 0                      | 13:44 steps[2].with.limits.cpu: '0' is less than 0.01
            memory: 512Mi              | memory:                     | 13:57 steps[2].with.limits.memory: is empty, not a size such as 64Ki, 512Mi, 1Gi or a number of bytes
            network: none              | network: api.example.org    | 13:90 steps[2].with.network: 'api.example.org' is not none, or a group that says what to allow, such as { allow: [{ host: api.example.com }] }
            network: none              | network: { alow: [] }       | 13:92 steps[2].with.network.alow: unknown key 'alow'; did you mean 'allow'? [allow]
            network: none              | network: { allow: [{ host: 0177.0.0.1 }] } | 13:108 steps[2].with.network.allow[0].host: '0177.0.0.1' is neither a host's name nor an IPv4 address in its usual form
            network: none              | network: { allow: [{ host: "*.example.com" }] } | 13:108 steps[2].with.network.allow[0].host: '*.example.com' is not a host's whole name in lower case, such as api.example.com, or an IPv4 address such as 192.0.2.7
            network: none              | network: { allow: [{ host: a.b, ports: [0] }] } | 13:121 steps[2].with.network.allow[0].ports[0]: '0' is less than 1
            network: none              | network: { allow: [{ host: a.b, secret: { name: N, header: Host } }] } | 13:140 steps[2].with.network.allow[0].secret.header: a secret in the header 'Host' would change where a request goes or ends
            approvals: 1               | approvals: 0                | 16:24 steps[3].with.approvals: '0' is less than 1
            from: [reviewer]           | from: [reviewers]           | 16:34 steps[3].with.from[0]: 'reviewers' is not one of requester, reviewer, operator, auditor, admin [reviewer]
            not: [author]              | not: [reviewer]             | 16:51 steps[3].with.not[0]: 'reviewer' is not one of author
            branch: main               | branch: a..b                | 19:21 steps[4].with.branch: 'a..b' is not a name that git takes for a branch
            with: { branch: main }     | with: main                  | 19:11 steps[4].with: 'main' is not a group of keys
            with: { branch: main }     | uses: review                | 19:5 steps[4].uses: key 'uses' is there already, in line 18
            """)
    void namesTheMistake(String right, String wrong, String expected) {
        String yaml = FLAWLESS.replaceFirst(Pattern.quote(right), Matcher.quoteReplacement(wrong));

        assertThat(yaml).isNotEqualTo(FLAWLESS);
        if (wrong.equals("when: x")) {
            assertThat(mistakes(yaml))
                    .containsExactly(expected, "11:5 steps[2].when: 'when' is not supported yet; leave it out");
            return;
        }
        assertThat(mistakes(yaml)).containsExactly(expected);
    }

    @Test
    void namesACircleOfThree() {
        assertThat(mistakes("""
                        pipeline: orders
                        steps:
                          - { id: a, uses: review, needs: [c] }
                          - { id: b, uses: review, needs: [a] }
                          - { id: c, uses: review, needs: [b] }
                          - { id: d, uses: promote }
                        """))
                .containsExactly("3:35 steps[0].needs: steps need each other: a needs c needs b needs a");
    }

    static List<String> mistakes(String yaml) {
        return mistakes(yaml.getBytes(StandardCharsets.UTF_8));
    }

    static List<String> mistakes(byte[] yaml) {
        return switch (PipelineCompiler.compile(yaml)) {
            case CompileResult.Compiled compiled -> List.of();
            case CompileResult.Invalid invalid ->
                invalid.errors().stream().map(PipelineMistakesTest::line).toList();
        };
    }

    private static String line(PipelineError error) {
        return error.line() + ":" + error.column() + " " + error.path() + ": " + error.message()
                + (error.suggestion() == null ? "" : " [" + error.suggestion() + "]");
    }
}
