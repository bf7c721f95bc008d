package dev.airlock.cli.pipeline;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.starter.failure.Translations;
import dev.airlock.workspace.pipeline.CompileResult;
import dev.airlock.workspace.pipeline.PipelineCompiler;
import dev.airlock.workspace.pipeline.PipelineError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Pipeline files. They need no server and no workspace. */
@Command(
        name = "pipeline",
        description = "Check pipeline files.",
        footer = {"", "Examples:", "  airlock pipeline validate .airlock/pipeline.yaml"})
public final class PipelineCommand extends Group {
    public PipelineCommand(Session session) {
        super(session);
    }

    /** Every mistake of a file, at once. */
    record Judgement(boolean ok, List<PipelineError> errors) {
        Judgement {
            errors = List.copyOf(errors);
        }

        static Judgement of(CompileResult result) {
            return switch (result) {
                case CompileResult.Compiled compiled -> new Judgement(true, List.of());
                case CompileResult.Invalid invalid -> new Judgement(false, invalid.errors());
            };
        }
    }

    /** Checks one. */
    @Command(
            name = "validate",
            description = "Check a pipeline file: every mistake at once, with line, column and a suggestion.",
            exitCodeList = {"0:valid", "1:not valid: every mistake is told", "2:the file cannot be read"},
            footer = {
                "",
                "Examples:",
                "  airlock pipeline validate .airlock/pipeline.yaml",
                "  git show HEAD:.airlock/pipeline.yaml | airlock pipeline validate -"
            })
    public static final class Validate extends Action {
        private static final int LONGEST = 1 << 20;

        @Parameters(index = "0", paramLabel = "FILE", description = "The file; - reads stdin.")
        private String file = "";

        public Validate(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            Judgement judgement = Judgement.of(PipelineCompiler.compile(read()));
            answers().give(judgement, text -> write(judgement, text));
            return judgement.ok() ? YES : NO;
        }

        private byte[] read() {
            try (InputStream in =
                    file.equals("-") ? session().environment().in() : Files.newInputStream(Path.of(file))) {
                return in.readNBytes(LONGEST + 1);
            } catch (IOException e) {
                throw Translations.of(e, "the pipeline " + file, file);
            }
        }

        private void write(Judgement judgement, Text text) {
            if (judgement.ok()) {
                text.line(Colour.GOOD, file + " is valid");
            }
            for (PipelineError error : judgement.errors()) {
                text.line(file + ":" + error.line() + ":" + error.column() + ": " + error.message() + meant(error));
            }
        }

        /** What was meant, where the message does not say it by itself. */
        private static String meant(PipelineError error) {
            return error.suggestion() == null || error.message().contains("did you mean")
                    ? ""
                    : " (did you mean " + error.suggestion() + "?)";
        }
    }
}
