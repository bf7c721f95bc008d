package dev.airlock.system.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The files of the repository, without what is built from them. */
final class Sources {
    static final Path HOME =
            Path.of(System.getProperty("airlock.home", "..")).toAbsolutePath().normalize();
    private static final Set<String> BUILT = Set.of("target", ".git", ".idea", ".vscode");

    private Sources() {}

    /** @param wanted by path from the root, with slashes */
    static List<Path> files(Predicate<String> wanted) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(HOME, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return BUILT.contains(directory.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (wanted.test(HOME.relativize(file).toString())) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream().sorted().toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java or shell without the lines that are nothing but comment. */
    static String code(Path file) {
        return text(file)
                .lines()
                .filter(line -> !line.strip().matches("(\\*|/\\*|//|#).*"))
                .collect(Collectors.joining("\n"));
    }
}
