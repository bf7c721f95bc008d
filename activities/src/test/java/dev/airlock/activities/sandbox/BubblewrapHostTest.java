package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host lets a worker do, and what it is told when it lets it do nothing. */
class BubblewrapHostTest {
    @TempDir
    Path settings;

    @Test
    void aRootBecomesOnlyUsersThatItHas() {
        assertThat(BubblewrapHost.outside(List.of("         0          0 4294967295")))
                .contains(SandboxLayout.Users.WHOLE);
        assertThat(BubblewrapHost.outside(List.of("0 1000 1", "1 100000 65536")))
                .contains(SandboxLayout.Users.REMAPPED);
        assertThat(BubblewrapHost.outside(List.of("0 1000 1"))).isEmpty();
        assertThat(BubblewrapHost.outside(List.of())).isEmpty();
    }

    @Test
    void namesTheSettingThatForbidsUserNamespaces() throws Exception {
        BubblewrapTrouble trouble = new BubblewrapTrouble(settings);
        assertThat(trouble.mend("bwrap: Creating new namespace failed: Operation not permitted"))
                .contains("--security-opt seccomp=unconfined");
        assertThat(trouble.mend("bwrap: execvp: No such file or directory")).contains("docs/operations.md");
        set("user/max_user_namespaces", "127000");
        set("kernel/apparmor_restrict_unprivileged_userns", "1");
        assertThat(trouble.mend("")).contains("AppArmor");
        set("kernel/unprivileged_userns_clone", "0");
        assertThat(trouble.mend("")).contains("sysctl -w kernel.unprivileged_userns_clone=1");
        set("user/max_user_namespaces", "0");
        assertThat(trouble.mend("")).contains("sysctl -w user.max_user_namespaces=10000");
    }

    private void set(String name, String value) throws Exception {
        Path file = settings.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, value + "\n");
    }
}
