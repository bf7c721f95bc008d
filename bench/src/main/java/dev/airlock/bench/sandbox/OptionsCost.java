package dev.airlock.bench.sandbox;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.airlock.activities.sandbox.Sandbox;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxSpec;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.measure.Stopwatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the hardening costs: the same few calls to the daemon, once with every option that the product's engine set on a sandbox
 * of its own, and once with none but {@code network none}.
 */
final class OptionsCost implements AutoCloseable {
    private final DockerClient docker;
    private final String image;
    private final HostConfig hardened;
    private final String user;

    private OptionsCost(DockerClient docker, String image, InspectContainerResponse sandbox) {
        this.docker = docker;
        this.image = image;
        this.hardened = sandbox.getHostConfig();
        this.user = String.valueOf(sandbox.getConfig().getUser());
    }

    /** Reads the options off a sandbox that the engine makes for this. */
    static OptionsCost readOff(SandboxEngine engine, SandboxSpec spec) throws IOException {
        DefaultDockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        DockerClient docker = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            InspectContainerResponse options =
                    docker.inspectContainerCmd(spec.name()).exec();
            sandbox.release();
            return new OptionsCost(docker, spec.image(), options);
        }
    }

    Samples hardened(int count) throws Exception {
        return block(count, hardened, user);
    }

    Samples bare(int count) throws Exception {
        return block(count, HostConfig.newHostConfig().withNetworkMode("none"), "");
    }

    private Samples block(int count, HostConfig options, String as) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            millis.add(once(options, as));
        }
        return Samples.of(millis);
    }

    private double once(HostConfig options, String as) throws Exception {
        String name = "airlock-bench-" + UUID.randomUUID();
        Stopwatch watch = new Stopwatch();
        docker.createContainerCmd(image)
                .withName(name)
                .withUser(as)
                .withEntrypoint(EngineSteps.COMMAND)
                .withHostConfig(options)
                .exec();
        try (Output output = new Output()) {
            docker.attachContainerCmd(name)
                    .withStdOut(true)
                    .withFollowStream(true)
                    .exec(output)
                    .awaitStarted();
            docker.startContainerCmd(name).exec();
            int exit = docker.waitContainerCmd(name)
                    .exec(new WaitContainerResultCallback())
                    .awaitStatusCode();
            output.awaitCompletion();
            double millis = watch.millis();
            if (exit != 0 || !output.text().equals(EngineSteps.SAID)) {
                throw new IOException(name + " ended with " + exit + " and said " + output.text());
            }
            return millis;
        } finally {
            docker.removeContainerCmd(name).withForce(true).exec();
        }
    }

    private static final class Output extends ResultCallback.Adapter<Frame> {
        private final StringBuilder text = new StringBuilder();

        @Override
        public synchronized void onNext(Frame frame) {
            text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
        }

        synchronized String text() {
            return text.toString();
        }
    }

    @Override
    public void close() throws IOException {
        docker.close();
    }
}
