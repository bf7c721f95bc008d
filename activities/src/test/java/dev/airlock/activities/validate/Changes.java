package dev.airlock.activities.validate;

import dev.airlock.activities.validate.Change.Entry;
import dev.airlock.activities.validate.Change.Kind;
import dev.airlock.workflows.pipeline.StepUse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes and checks as tests need them. */
final class Changes {
    static final StepUse.Sizes ANY_SIZE = new StepUse.Sizes(Long.MAX_VALUE, Long.MAX_VALUE);
    static final StepUse.Paths ANY_PATH = new StepUse.Paths(List.of(), List.of());
    private static final Validators VALIDATORS = Validators.standard();

    private Changes() {}

    static Entry entry(Kind kind, byte[] content) {
        return new Entry(kind, () -> new ByteArrayInputStream(content));
    }

    static Entry entry(Kind kind, String content) {
        return entry(kind, content.getBytes(StandardCharsets.UTF_8));
    }

    static Change added(String path, String content) {
        return change(path, null, entry(Kind.FILE, content));
    }

    static Change added(String path, byte[] content) {
        return change(path, null, entry(Kind.FILE, content));
    }

    static Change modified(String path, String before, String after) {
        return change(path, entry(Kind.FILE, before), entry(Kind.FILE, after));
    }

    static Change deleted(String path, String before) {
        return change(path, entry(Kind.FILE, before), null);
    }

    static Change link(String path, String target) {
        return change(path, null, entry(Kind.LINK, target));
    }

    static Change change(String path, @Nullable Entry before, @Nullable Entry after) {
        try (InputStream content =
                after == null ? InputStream.nullInputStream() : after.content().open()) {
            return new Change(path, before, after, content.readAllBytes().length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Validators.Found secrets(Change... changes) {
        return check(new StepUse.Validate(List.of("secrets"), ANY_PATH, ANY_SIZE, null), changes);
    }

    static Validators.Found paths(StepUse.Paths paths, Change... changes) {
        return check(new StepUse.Validate(List.of("paths"), paths, ANY_SIZE, null), changes);
    }

    static Validators.Found check(StepUse.Validate wanted, Change... changes) {
        try {
            return VALIDATORS.check(List.of(changes), wanted, () -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
