package dev.airlock.activities.sandbox;

import dev.airlock.evidence.canonical.CanonicalJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a sandbox's root is made of: the host's {@code /usr} with an {@code /etc} of our own, or an unpacked image. Always read
 * only, and nothing of the host beside it.
 */
final class BubblewrapRoot {
    /** What programs below {@code /usr} are found by; nothing that tells of the host's users or settings. */
    private static final List<String> OF_ETC = List.of("/etc/alternatives", "/etc/ld.so.cache");

    private static final List<String> BESIDE_USR = List.of("bin", "lib", "lib32", "lib64", "libx32", "sbin");
    private static final Set<String> OURS = Set.of("proc", "dev", "sys", "tmp", "workspace", "input", "sandbox-init");
    private static final List<Path> PACKAGES =
            List.of(Path.of("/var/lib/dpkg/status"), Path.of("/lib/apk/db/installed"), Path.of("/usr/lib/os-release"));

    private BubblewrapRoot() {}

    /** The host's own programs. */
    static List<String> ofHost() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--ro-bind", "/usr", "/usr"));
        for (String name : BESIDE_USR) {
            Path path = Path.of("/").resolve(name);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                entry(arguments, path, path, "/" + name);
            }
        }
        String passwd = Integer.toString(BubblewrapProfile.PASSWD);
        String group = Integer.toString(BubblewrapProfile.GROUP);
        arguments.addAll(List.of("--perms", "0755", "--dir", "/etc"));
        arguments.addAll(List.of("--perms", "0444", "--file", passwd, "/etc/passwd"));
        arguments.addAll(List.of("--perms", "0444", "--file", group, "/etc/group"));
        for (String path : OF_ETC) {
            arguments.addAll(List.of("--ro-bind-try", path, path));
        }
        return List.copyOf(arguments);
    }

    /**
     * An unpacked image.
     *
     * @param directory where we read it
     * @param seen where bubblewrap does
     */
    static List<String> ofImage(Path directory, Path seen) throws IOException {
        List<String> arguments = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path path : entries.sorted().toList()) {
                String name = path.getFileName().toString();
                if (!OURS.contains(name)) {
                    entry(arguments, path, seen.resolve(name), "/" + name);
                }
            }
        }
        return List.copyOf(arguments);
    }

    private static void entry(List<String> arguments, Path path, Path seen, String place) throws IOException {
        if (Files.isSymbolicLink(path)) {
            arguments.addAll(List.of("--symlink", Files.readSymbolicLink(path).toString(), place));
        } else {
            arguments.addAll(List.of("--ro-bind", seen.toString(), place));
        }
    }

    /** Names the host's programs by what its packages are: a name, not a proof of their bytes. */
    static String digestOfHost() throws IOException {
        Map<String, String> packages = new TreeMap<>();
        for (Path file : PACKAGES) {
            try (InputStream in = Files.newInputStream(file)) {
                MessageDigest digest = CanonicalJson.sha256();
                byte[] block = new byte[1 << 16];
                for (int size = in.read(block); size >= 0; size = in.read(block)) {
                    digest.update(block, 0, size);
                }
                packages.put(file.toString(), HexFormat.of().formatHex(digest.digest()));
            } catch (NoSuchFileException e) {
                // Another family of systems.
            }
        }
        return CanonicalJson.digest(Map.of("host", packages)).value();
    }

    /** A sandbox's one user, beside those that files may belong to. */
    static String passwd(int user) {
        return "root:x:0:0:root:/:/usr/sbin/nologin\nsandbox:x:" + user + ":" + user + ":sandbox:"
                + SandboxLayout.TEMPORARY + ":/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n";
    }

    static String group(int user) {
        return "root:x:0:\nsandbox:x:" + user + ":\nnogroup:x:65534:\n";
    }
}
