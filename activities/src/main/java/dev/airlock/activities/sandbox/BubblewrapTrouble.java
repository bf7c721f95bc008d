package dev.airlock.activities.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What forbids a sandbox on this host, and its mend. */
final class BubblewrapTrouble {
    private final Path settings;

    /** @param settings {@code /proc/sys} */
    BubblewrapTrouble(Path settings) {
        this.settings = settings;
    }

    /** @param said by launcher and bubblewrap */
    String mend(String said) {
        if (is("user/max_user_namespaces", "0")) {
            return "user namespaces are forbidden; allow them with sysctl -w user.max_user_namespaces=10000";
        }
        if (is("kernel/unprivileged_userns_clone", "0")) {
            return "user namespaces are forbidden; allow them with sysctl -w kernel.unprivileged_userns_clone=1";
        }
        if (is("kernel/apparmor_restrict_unprivileged_userns", "1")) {
            return "AppArmor restricts user namespaces; give bwrap a profile that allows them, or allow them with sysctl -w "
                    + "kernel.apparmor_restrict_unprivileged_userns=0";
        }
        if (said.contains("namespace") || said.contains("proc") || said.contains("Operation not permitted")) {
            return "in a container, start it with --security-opt seccomp=unconfined --security-opt systempaths=unconfined "
                    + "(and apparmor=unconfined), or use docker on its host";
        }
        return "see docs/operations.md";
    }

    private boolean is(String setting, String value) {
        try {
            return Files.readString(settings.resolve(setting)).strip().equals(value);
        } catch (IOException e) {
            return false;
        }
    }
}
