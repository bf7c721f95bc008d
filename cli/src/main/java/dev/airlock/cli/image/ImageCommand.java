package dev.airlock.cli.image;

import dev.airlock.activities.sandbox.BubblewrapSandboxEngine;
import dev.airlock.activities.sandbox.DockerSandboxEngine;
import dev.airlock.activities.sandbox.ImageRegistry;
import dev.airlock.activities.sandbox.ImageRegistry.Registered;
import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Engines;
import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Items;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.worker.SandboxEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Images that sandboxes are made from. They need no server, only the engine. */
@Command(
        name = "image",
        description = "Register and list the images that a pipeline's `image:` names.",
        footer = {"", "Examples:", "  airlock image add python-tools --docker python:3.13-slim", "  airlock image list"
        })
public final class ImageCommand extends Group {
    public ImageCommand(Session session) {
        super(session);
    }

    /** An image. */
    record Image(String name, String digest, String engine) {
        static Image of(Registered image) {
            return new Image(image.name(), image.digest(), image.engine());
        }
    }

    /** Registers one. */
    @Command(
            name = "add",
            description = "Register an image under a name. Nothing is pulled; `base` is the machine's own.",
            footer = {
                "",
                "Examples:",
                "  airlock image add python-tools --docker python:3.13-slim",
                "  airlock image add tools --rootfs ./rootfs.tar",
                "  airlock image add tools --rootfs ./rootfs --engine bubblewrap"
            })
    public static final class Add extends Action {
        @Parameters(index = "0", paramLabel = "NAME", description = "What pipelines call it.")
        private String name = "";

        @ArgGroup(multiplicity = "1")
        private Source source = new Source();

        /** One of the two. */
        static final class Source {
            @Option(
                    names = "--docker",
                    required = true,
                    paramLabel = "REF",
                    description = "An image that the Docker engine has: name, tag or id.")
            private @Nullable String docker;

            @Option(
                    names = "--rootfs",
                    required = true,
                    paramLabel = "DIR|TAR",
                    description = "A root file system: a directory, or a tar archive, plain or with gzip.")
            private @Nullable Path rootfs;
        }

        @Option(
                names = "--engine",
                paramLabel = "docker|bubblewrap",
                defaultValue = "${env:AIRLOCK_ENGINE}",
                description = {
                    "Which engine a root file system is for ($$AIRLOCK_ENGINE). Default: the one that `dev` uses.",
                    "Without a `dev`: docker when it answers, else bubblewrap."
                })
        private @Nullable String engine;

        public Add(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            if (source.rootfs != null && !Files.exists(source.rootfs)) {
                throw new AirlockException(
                        ErrorCode.NOT_FOUND, "no root file system " + source.rootfs, source.rootfs.toString(), null);
            }
            session().state().create();
            try {
                Image image = Image.of(session()
                        .change(
                                "image",
                                name,
                                source.docker == null ? Map.of() : Map.of("docker", source.docker),
                                () -> source.docker == null ? addRootfs() : addReference(source.docker)));
                answers().give(image, text -> text.line(image.name() + "  " + image.digest()));
                return YES;
            } catch (IOException e) {
                throw Engines.translate(e, "image " + name, name);
            }
        }

        private Registered addReference(String reference) throws IOException {
            try (DockerSandboxEngine docker = Engines.docker(session().state())) {
                return docker.imageSource().addReference(name, reference);
            }
        }

        private Registered addRootfs() throws IOException {
            Path rootfs = Objects.requireNonNull(source.rootfs);
            String chosen = Engines.nameOf(engine, session().state());
            return switch (chosen) {
                case SandboxEngines.DOCKER -> {
                    try (DockerSandboxEngine docker = Engines.docker(session().state())) {
                        yield docker.imageSource().addRootfs(name, rootfs);
                    }
                }
                case SandboxEngines.BUBBLEWRAP -> {
                    try (BubblewrapSandboxEngine bubblewrap =
                            Engines.bubblewrap(session().state())) {
                        yield bubblewrap.imageSource().addRootfs(name, rootfs);
                    }
                }
                default ->
                    throw new AirlockException(
                            ErrorCode.ENGINE_ABSENT,
                            "there is no engine " + chosen,
                            chosen,
                            "write --engine docker or --engine bubblewrap");
            };
        }
    }

    /** Lists them. */
    @Command(
            name = "list",
            description = "List the registered images.",
            footer = {"", "Examples:", "  airlock image list", "  airlock image list -o json | jq -r .items[].name"})
    public static final class Listing extends Action {
        public Listing(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            try {
                List<Image> images = new ImageRegistry(session().state().images())
                        .list().stream().map(Image::of).toList();
                Items<Image> list = new Items<>(images, null);
                answers()
                        .give(
                                list,
                                text -> text.table(
                                        List.of("NAME", "ENGINE", "DIGEST"),
                                        images.stream()
                                                .map(image -> List.of(image.name(), image.engine(), image.digest()))
                                                .toList()));
                return YES;
            } catch (IOException e) {
                throw Translations.of(e, "the images of " + session().state(), null);
            }
        }
    }
}
