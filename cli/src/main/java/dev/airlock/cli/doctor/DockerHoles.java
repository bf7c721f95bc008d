package dev.airlock.cli.doctor;

import dev.airlock.activities.sandbox.DockerFacts;
import java.util.List;
import java.util.stream.Stream;

/** Known holes of a docker daemon. Airlock's sandboxes do without what most of them need; an attacker has more ideas. */
final class DockerHoles {
    /** CVE-2025-31133, CVE-2025-52565, CVE-2025-52881; the 1.3 line was mended apart. */
    private static final String RUNC = "1.2.8";

    private static final String RUNC_NEXT = "1.3.3";

    /** CVE-2026-41567: an archive upload unpacks by a program of the image, as root on the host. */
    private static final String ENGINE = "29.5.1";

    private DockerHoles() {}

    static List<Check> of(Asked<DockerFacts> docker) {
        if (docker instanceof Asked.Told<DockerFacts> told) {
            DockerFacts facts = told.value();
            return List.of(engine(facts), runc(facts), namespaces(facts), modules(facts));
        }
        return Stream.of("docker-engine", "docker-runc", "docker-user-namespaces", "docker-lsm")
                .map(name -> Check.skip(name, "no docker daemon was heard"))
                .toList();
    }

    private static Check engine(DockerFacts facts) {
        String name = "docker-engine";
        if (!facts.engine().equals("Engine")) {
            return Check.skip(name, facts.engine() + " has other versions than docker's engine");
        }
        return Versions.before(facts.version(), ENGINE)
                ? Check.warn(
                        name,
                        facts.version() + " is before " + ENGINE + ", which mends CVE-2026-41567",
                        "upgrade docker to " + ENGINE + " or newer")
                : Check.ok(name, facts.version());
    }

    private static Check runc(DockerFacts facts) {
        String name = "docker-runc";
        String version = facts.runc();
        if (version == null) {
            return Check.skip(name, "the daemon names no runc");
        }
        boolean next = !Versions.before(version, "1.3") && Versions.before(version, RUNC_NEXT);
        return Versions.before(version, RUNC) || next
                ? Check.warn(
                        name,
                        version + " is before " + (next ? RUNC_NEXT : RUNC)
                                + ", which mends CVE-2025-31133, CVE-2025-52565 and CVE-2025-52881",
                        "upgrade runc to " + RUNC + ", " + RUNC_NEXT
                                + " or newer (a distribution may have mended an older" + " number)")
                : Check.ok(name, version);
    }

    private static Check namespaces(DockerFacts facts) {
        String name = "docker-user-namespaces";
        return facts.has("userns") || facts.has("rootless")
                ? Check.ok(name, "users in containers are others on the host")
                : Check.warn(
                        name,
                        "a user in a container is the same number on the host",
                        "set \"userns-remap\": \"default\" in /etc/docker/daemon.json");
    }

    private static Check modules(DockerFacts facts) {
        String name = "docker-lsm";
        return facts.has("apparmor") || facts.has("selinux")
                ? Check.ok(name, facts.has("apparmor") ? "AppArmor" : "SELinux")
                : Check.warn(
                        name,
                        "neither AppArmor nor SELinux confines containers",
                        "enable AppArmor (apt-get install apparmor) or SELinux on the daemon's host, restart docker");
    }
}
