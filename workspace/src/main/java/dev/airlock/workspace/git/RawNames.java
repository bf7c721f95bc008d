package dev.airlock.workspace.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Names of files as the bytes that they are. {@link Path#toString} decodes them by the locale, and a name that the locale
 * cannot write comes out as question marks; a path's URI keeps its bytes.
 */
final class RawNames {
    private RawNames() {}

    static String name(Path file) throws IOException {
        byte[] path = absolute(file);
        int start = path.length;
        while (path[start - 1] != '/') {
            start--;
        }
        ByteBuffer name = ByteBuffer.wrap(path, start, path.length - start);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(name).toString();
        } catch (CharacterCodingException e) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.INVALID, "name refused: " + file + ": it is not UTF-8; rename it", e);
        }
    }

    /** What a symbolic link says. */
    static byte[] target(Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        byte[] path = absolute(target);
        if (target.isAbsolute()) {
            return path;
        }
        byte[] here = absolute(Path.of("").toAbsolutePath());
        return Arrays.copyOfRange(path, here.length == 1 ? 1 : here.length + 1, path.length);
    }

    private static byte[] absolute(Path path) {
        byte[] encoded = path.toUri().getRawPath().getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream raw = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                raw.write(Character.digit(encoded[i + 1], 16) << 4 | Character.digit(encoded[i + 2], 16));
                i += 2;
                continue;
            }
            raw.write(encoded[i]);
        }
        byte[] bytes = raw.toByteArray();
        boolean slash = bytes.length > 1 && bytes[bytes.length - 1] == '/';
        return slash ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }
}
