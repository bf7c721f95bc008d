package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.evidence.files.FileManifest;
import dev.airlock.starter.session.TransferAnswer;
import dev.airlock.workflows.session.Restored;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files that were moved, as programs and people get it. */
record TransferAnswers(
        String sandbox,
        long files,
        long bytes,
        List<FileManifest.Refused> refused,
        @Nullable Restored restored) {
    static TransferAnswers of(TransferAnswer answer) {
        return new TransferAnswers(
                answer.sandbox().value(), answer.files(), answer.bytes(), answer.refused(), answer.restored());
    }

    void write(Text text) {
        text.line(files + (files == 1 ? " file, " : " files, ") + bytes + " bytes");
        refused.forEach(each -> text.line(Colour.BAD, "refused " + each.path() + ": " + each.reason()));
    }
}
