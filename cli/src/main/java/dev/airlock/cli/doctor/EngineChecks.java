package dev.airlock.cli.doctor;

import dev.airlock.activities.sandbox.BubblewrapFacts;
import dev.airlock.activities.sandbox.DockerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What isolates sandboxes: one engine must do, the other is then not needed. */
final class EngineChecks {
    private static final String DOCKER = "docker";
    static final String BUBBLEWRAP = "bubblewrap";

    private final Setting setting;
    private final Asked<DockerFacts> docker;
    private final Asked<Optional<BubblewrapFacts>> bubblewrap;

    private EngineChecks(Setting setting, Asked<DockerFacts> docker, Asked<Optional<BubblewrapFacts>> bubblewrap) {
        this.setting = setting;
        this.docker = docker;
        this.bubblewrap = bubblewrap;
    }

    static List<Check> of(
            Setting setting,
            Asked<DockerFacts> docker,
            Asked<Optional<BubblewrapFacts>> bubblewrap,
            Asked<Optional<Integer>> cgroups) {
        EngineChecks checks = new EngineChecks(setting, docker, bubblewrap);
        List<Check> all = new ArrayList<>();
        all.add(checks.docker());
        all.addAll(DockerHoles.of(docker));
        all.add(checks.bubblewrap());
        all.add(checks.namespaces());
        all.add(checks.cgroups(cgroups));
        return all;
    }

    private boolean dockerWorks() {
        return docker instanceof Asked.Told<DockerFacts> told
                && told.value().missing().isEmpty();
    }

    private boolean bubblewrapWorks() {
        return facts().filter(each -> each.recent() && each.refusal() == null).isPresent();
    }

    private Optional<BubblewrapFacts> facts() {
        return bubblewrap instanceof Asked.Told<Optional<BubblewrapFacts>> told ? told.value() : Optional.empty();
    }

    private Check docker() {
        return switch (docker) {
            case Asked.Told<DockerFacts> told -> daemon(told.value());
            // It hangs whoever asks it, also a dev that would have done without.
            case Asked.Silent<DockerFacts> silent ->
                Check.fail(
                        DOCKER, "a daemon is there and hangs: " + silent.why(), "restart it: systemctl restart docker");
            case Asked.Refused<DockerFacts> refused
            when hangs(refused.why()) ->
                Check.fail(
                        DOCKER,
                        "a daemon is there and hangs: " + refused.why(),
                        "restart it: systemctl restart docker");
            case Asked.Refused<DockerFacts> refused -> absent(refused.why());
            case Asked.Nobody<DockerFacts> nobody -> Check.skip(DOCKER, "not needed: AIRLOCK_ENGINE is bubblewrap");
        };
    }

    private static boolean hangs(String why) {
        return why.contains("timed out") && !why.contains("onnect timed out");
    }

    private static Check daemon(DockerFacts facts) {
        String who = facts.engine() + " " + facts.version() + " at " + facts.host();
        return facts.missing().isEmpty()
                ? Check.ok(DOCKER, who)
                : Check.fail(DOCKER, who + " cannot isolate", String.join("; ", facts.missing()));
    }

    private Check absent(String why) {
        if (!setting.demands(DOCKER) && bubblewrapWorks()) {
            return Check.skip(DOCKER, "no daemon answers; sandboxes are bubblewrap's");
        }
        return Check.fail(
                DOCKER,
                why,
                why.contains("ermission denied")
                        ? "may you use its socket? sudo usermod -aG docker $USER, then log in again"
                        : "run ./airlock setup --docker, or start the daemon: systemctl start docker");
    }

    private Check bubblewrap() {
        boolean needed = setting.demands(BUBBLEWRAP) || !dockerWorks();
        String mend = "run ./airlock setup --bubblewrap";
        return switch (bubblewrap) {
            case Asked.Told<Optional<BubblewrapFacts>> told
            when told.value().isPresent() -> installed(told.value().get(), needed);
            case Asked.Told<Optional<BubblewrapFacts>> none ->
                needed
                        ? Check.fail(BUBBLEWRAP, "it is not installed, and no docker daemon will do", mend)
                        : Check.skip(BUBBLEWRAP, "not installed; sandboxes are docker's");
            case Asked.Refused<Optional<BubblewrapFacts>> refused -> unclear(refused.why(), needed);
            case Asked.Silent<Optional<BubblewrapFacts>> silent -> unclear(silent.why(), needed);
            case Asked.Nobody<Optional<BubblewrapFacts>> nobody -> unclear("nobody was asked", needed);
        };
    }

    private static Check unclear(String why, boolean needed) {
        return needed
                ? Check.unknown(BUBBLEWRAP, why, "try it: bwrap --version")
                : Check.skip(BUBBLEWRAP, "could not find out: " + why);
    }

    private static Check installed(BubblewrapFacts facts, boolean needed) {
        String who = facts.version() + " at " + facts.program();
        if (facts.recent()) {
            return Check.ok(BUBBLEWRAP, who);
        }
        return needed
                ? Check.fail(BUBBLEWRAP, who + " is too old to isolate", "install bubblewrap 0.8 or newer, or docker")
                : Check.skip(BUBBLEWRAP, who + " is too old; sandboxes are docker's");
    }

    private Check namespaces() {
        String name = "user-namespaces";
        Optional<BubblewrapFacts> facts = facts();
        if (facts.isEmpty()) {
            return Check.skip(name, "not tried without bubblewrap; only bubblewrap needs them");
        }
        String refusal = facts.get().refusal();
        if (refusal == null) {
            return Check.ok(name, "tried: a sandbox starts");
        }
        String detail = "tried: " + refusal;
        String fix = "allow them: sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces=10000 or"
                + " kernel.apparmor_restrict_unprivileged_userns=0, whichever exists; or use docker";
        return dockerWorks() && !setting.demands(BUBBLEWRAP)
                ? Check.warn(name, detail, fix)
                : Check.fail(name, detail, fix);
    }

    private Check cgroups(Asked<Optional<Integer>> cgroups) {
        String name = "cgroups";
        if (dockerWorks() && !setting.demands(BUBBLEWRAP)) {
            return Check.skip(name, "the docker daemon makes its own");
        }
        return switch (cgroups) {
            case Asked.Told<Optional<Integer>> told
            when told.value().isPresent() ->
                Check.ok(name, "tried: version " + told.value().get() + ", with limits of memory and processes");
            case Asked.Told<Optional<Integer>> none ->
                Check.warn(
                        name,
                        "none can be made here: bubblewrap's sandboxes share the processor, and their memory is looked at,"
                                + " not fenced",
                        "run the worker as root, or in a user's systemd service with Delegate=yes");
            case Asked.Refused<Optional<Integer>> refused -> Check.warn(name, refused.why(), "see docs/security.md");
            case Asked.Silent<Optional<Integer>> silent -> Check.warn(name, silent.why(), "see docs/security.md");
            case Asked.Nobody<Optional<Integer>> nobody -> Check.skip(name, "nobody was asked");
        };
    }
}
