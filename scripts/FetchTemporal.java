import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Lets Temporal's SDK download the {@code temporal} command into the directory given, tries it by starting its dev
 * server once, and prints where it is.
 */
final class FetchTemporal {
    private FetchTemporal() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        TemporalDevServerOptions options = TemporalDevServerOptions.newBuilder()
                .setDownloadDestination(directory.toString())
                .setUiEnabled(false)
                .build();
        TemporalDevServer.start(options).close();
        System.out.println(executable(directory));
    }

    private static Path executable(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow(() -> new IOException("nothing executable was downloaded to " + directory));
        }
    }
}
