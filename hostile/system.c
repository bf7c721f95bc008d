/* /proc, /sys, /dev, and what else shows or sets something of the host. */
#define _GNU_SOURCE
#include "hostile.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static enum verdict open_all(const char *const *files, int flags) {
    for (; *files; files++) try_open(*files, flags);
    return judge();
}
#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Contained also when it opens and says nothing: runtimes cover files with an empty one. */
static enum verdict nothing_to_read(const char *const *files) {
    for (; *files; files++) {
        char text[256];
        ssize_t size = slurp(*files, text, sizeof text);
        if (size > 0) through("%s says %zd bytes", *files, size);
        if (size < 0 && errno != EINVAL) path(*files, -1);
    }
    return judge();
}

static enum verdict core_pattern(void) {
    return open_all(FILES("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/core_pipe_limit"), O_WRONLY);
}

static enum verdict sysrq(void) {
    return open_all(FILES("/proc/sysrq-trigger", "/proc/sys/kernel/sysrq"), O_WRONLY);
}

static enum verdict helpers(void) {
    return open_all(FILES("/sys/kernel/uevent_helper", "/proc/sys/kernel/hotplug", "/proc/sys/kernel/modprobe", "/proc/sys/fs/binfmt_misc/register",
                          "/proc/sys/kernel/usermodehelper/bset", "/sys/kernel/profiling"),
                    O_WRONLY);
}

static enum verdict release_agent(void) {
    return open_all(FILES("/sys/fs/cgroup/release_agent", "/sys/fs/cgroup/memory/release_agent", "/sys/fs/cgroup/pids/release_agent",
                          "/sys/fs/cgroup/rdma/release_agent", "/sys/fs/cgroup/systemd/release_agent", "/sys/fs/cgroup/cpu/notify_on_release"),
                    O_WRONLY);
}

static enum verdict cgroup_raise(void) {
    open_all(FILES("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cgroup.procs",
                   "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.oom_control", "/sys/fs/cgroup/pids/pids.max",
                   "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "/sys/fs/cgroup/devices/devices.allow",
                   "/sys/fs/cgroup/memory/cgroup.procs"),
             O_WRONLY);
    path("a cgroup of its own", mkdir("/sys/fs/cgroup/hostile", 0755));
    path("a cgroup of its own (memory)", mkdir("/sys/fs/cgroup/memory/hostile", 0755));
    return judge();
}

static enum verdict kernel_memory(void) {
    return nothing_to_read(FILES("/proc/kcore", "/proc/vmcore", "/proc/kpagecount", "/proc/kpageflags", "/dev/mem", "/dev/kmem", "/dev/port"));
}

static enum verdict kernel_secrets(void) {
    return nothing_to_read(FILES("/proc/keys", "/proc/latency_stats", "/proc/timer_stats", "/sys/kernel/debug/sched/debug", "/proc/sched_debug",
                                 "/sys/kernel/security/lsm", "/sys/kernel/debug/kprobes/list", "/sys/kernel/tracing/trace",
                                 "/proc/kmsg", "/dev/kmsg"));
}

static enum verdict timer_list(void) {
    return nothing_to_read(FILES("/proc/timer_list"));
}

static enum verdict firmware(void) {
    static const char *const files[] = {"/sys/firmware/dmi/tables/DMI", "/sys/class/dmi/id/product_serial", "/sys/class/dmi/id/product_uuid",
                                        "/sys/firmware/efi/systab", "/sys/firmware/acpi/tables/DSDT", "/proc/acpi/event", "/proc/scsi/scsi",
                                        "/sys/class/dmi/id/board_serial", NULL};
    return nothing_to_read(files);
}

/* Addresses of the kernel are zeros to who may not see them. */
static enum verdict kernel_addresses(void) {
    char text[4096];
    if (slurp("/proc/kallsyms", text, sizeof text) > 0)
        for (char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
            if (strtoull(line, NULL, 16) != 0) return breached("an address of the kernel: %.40s", line);
    if (slurp("/proc/modules", text, sizeof text) > 0 && strstr(text, "0xffff")) return breached("addresses of modules");
    return contained("none are shown");
}

static enum verdict devices(void) {
    open_all(FILES("/dev/mem", "/dev/kmem", "/dev/port", "/dev/kvm", "/dev/vhost-vsock", "/dev/vhost-net", "/dev/fuse", "/dev/net/tun",
                   "/dev/loop-control", "/dev/mapper/control", "/dev/uinput", "/dev/input/event0", "/dev/snd/timer", "/dev/dri/card0", "/dev/rfkill",
                   "/dev/autofs", "/dev/btrfs-control", "/dev/cuse", "/dev/hwrng", "/dev/ppp", "/dev/vga_arbiter", "/dev/watchdog", "/dev/console",
                   "/dev/tty0", "/dev/tty1", "/dev/ttyS0", "/dev/userfaultfd", "/dev/vfio/vfio", "/dev/vsock"),
             O_RDWR);
    return judge();
}

static enum verdict disks(void) {
    DIR *directory = opendir("/dev");
    if (!directory) return unsupported("no /dev");
    for (struct dirent *entry; (entry = readdir(directory));) {
        struct stat status;
        if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISBLK(status.st_mode)) continue;
        char file[300];
        snprintf(file, sizeof file, "/dev/%s", entry->d_name);
        try_open(file, O_RDONLY);
    }
    closedir(directory);
    return judge();
}

static enum verdict kernel_messages(void) {
    return open_all(FILES("/dev/kmsg", "/proc/kmsg"), O_RDONLY);
}

static enum verdict daemon_sockets(void) {
    return open_all(FILES("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock",
                          "/run/crio/crio.sock", "/run/systemd/private", "/run/dbus/system_bus_socket", "/run/snapd.socket", "/tmp/.X11-unix/X0",
                          "/run/user/0", "/run/secrets/kubernetes.io/serviceaccount/token"),
                    O_PATH);
}

static enum verdict oom_immune(void) {
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score < 0) return contained("%s", strerror(errno));
    call("an OOM score of -900", write(score, "-900", 4));
    return judge();
}

static enum verdict write_system(void) {
    static const char *const places[] = {"/", "/etc", "/bin", "/usr/bin", "/usr/lib", "/lib", "/root", "/home", "/var", "/var/tmp", "/var/lib",
                                         "/run", "/opt", "/srv", "/mnt", "/dev", "/proc", "/sys", "/sys/fs/cgroup", "/var/spool/cron", "/boot"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char file[64];
        snprintf(file, sizeof file, "%s/hostile-was-here", places[i]);
        int made = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        path(file, made);
        if (made >= 0) unlink(file);
    }
    static const char *const files[] = {"/etc/passwd", "/etc/shadow", "/etc/resolv.conf", "/etc/hosts", "/etc/ld.so.preload", "/bin/sh", "/etc/hostname", NULL};
    return open_all(files, O_WRONLY);
}

static enum verdict write_settings(void) {
    char last[32];
    if (slurp("/proc/sys/kernel/ns_last_pid", last, sizeof last) > 0) try_write("/proc/sys/kernel/ns_last_pid", last);
    return open_all(FILES("/proc/sys/vm/overcommit_memory", "/proc/sys/vm/drop_caches", "/proc/sys/vm/panic_on_oom", "/proc/sys/kernel/panic",
                          "/proc/sys/kernel/randomize_va_space", "/proc/sys/kernel/domainname",
                          "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv4/ip_unprivileged_port_start", "/proc/sys/fs/inotify/max_user_instances",
                          "/proc/sys/fs/suid_dumpable", "/proc/sys/user/max_user_namespaces", "/proc/irq/0/smp_affinity", "/proc/bus/pci/00/00.0",
                          "/proc/mtrr", "/proc/acpi/wakeup", "/sys/power/state", "/sys/block/vda/queue/scheduler", "/sys/kernel/mm/ksm/run",
                          "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/module/kernel/parameters/panic", "/sys/kernel/kexec_crash_size"),
                    O_WRONLY);
}

static enum verdict pseudo_file_systems(void) {
    static const char *const places[] = {"/sys/kernel/debug", "/sys/kernel/tracing", "/sys/fs/bpf", "/sys/firmware/efi/efivars", "/sys/kernel/config",
                                         "/proc/scsi", "/proc/acpi", "/sys/fs/pstore", "/sys/kernel/security"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        DIR *directory = opendir(places[i]);
        if (!directory) continue;
        for (struct dirent *entry; (entry = readdir(directory));)
            if (entry->d_name[0] != '.') {
                through("%s holds %s", places[i], entry->d_name);
                break;
            }
        closedir(directory);
    }
    return judge();
}

static enum verdict other_processes(void) {
    DIR *processes = opendir("/proc");
    if (!processes) return unsupported("no /proc");
    int seen = 0;
    for (struct dirent *entry; (entry = readdir(processes));) {
        int pid = atoi(entry->d_name);
        if (!isdigit((unsigned char)*entry->d_name)) continue;
        seen++;
        char file[64], name[256] = "";
        snprintf(file, sizeof file, "/proc/%d/comm", pid);
        slurp(file, name, sizeof name);
        name[strcspn(name, "\n")] = '\0';
        if (pid != 1 && strcmp(name, "hostile") != 0) through("process %d, %.40s, can be seen", pid, name);
    }
    closedir(processes);
    if (seen == 0) return unsupported("/proc is empty");
    return judge();
}

static enum verdict environment(void) {
    static const char *const known[] = {"PATH", "HOME", "TMPDIR", "LANG", "HOSTNAME", "PWD", "SHLVL", "_", "OLDPWD", "HOSTILE_ANYWHERE", "HOSTILE_LOOPBACK"};
    for (char **one = environ; *one; one++) {
        size_t size = strcspn(*one, "=");
        bool fine = strncmp(*one, "AIRLOCK_", 8) == 0;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) fine |= strlen(known[i]) == size && strncmp(*one, known[i], size) == 0;
        bool secret = strcasestr(*one, "secret") || strcasestr(*one, "token") || strcasestr(*one, "password") || strcasestr(*one, "key");
        if (!fine || secret) through("%.*s is set", (int)size, *one);
    }
    return judge();
}

static enum verdict resolver(void) {
    char text[2048];
    if (slurp("/etc/resolv.conf", text, sizeof text) <= 0) return contained("there is none");
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char server[128];
        if (sscanf(line, " nameserver %127s", server) == 1 && strncmp(server, "127.", 4) != 0 && strcmp(server, "::1") != 0)
            through("the host's name server %s", server);
        if (strncmp(line, "search ", 7) == 0 && strcmp(line, "search .") != 0) through("the host's domain: %.80s", line);
    }
    return judge();
}

static bool holds(const char *place, const char *const *allowed) {
    DIR *directory = opendir(place);
    if (!directory) return false;
    for (struct dirent *entry; (entry = readdir(directory));) {
        bool fine = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        for (const char *const *one = allowed; *one; one++) fine |= strcmp(entry->d_name, *one) == 0;
        if (!fine) through("%s holds %s", place, entry->d_name);
    }
    closedir(directory);
    return true;
}

static enum verdict leftover(void) {
    holds("/tmp", FILES("hostile"));
    holds("/workspace", FILES("hostile", "README.md"));
    holds("/input", FILES("attempt", "task.md"));
    holds("/var/tmp", FILES("hostile"));
    holds("/dev/shm", FILES("hostile"));
    holds("/dev/mqueue", FILES("hostile"));
    char text[4096];
    if (slurp("/proc/sysvipc/shm", text, sizeof text) > 0 && strchr(text, '\n') && strchr(text, '\n')[1] != '\0') through("a System V segment is there");
    if (slurp("/proc/net/unix", text, sizeof text) > 0 && strchr(text, '\n') && strchr(text, '\n')[1] != '\0') through("a unix socket is there");
    return judge();
}

static enum verdict host_mounts(void) {
    char text[65536];
    if (slurp("/proc/self/mountinfo", text, sizeof text) <= 0) return unsupported("no /proc/self/mountinfo");
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char root[512], place[512], options[256];
        if (sscanf(line, "%*s %*s %*s %511s %511s %255s", root, place, options) != 3) continue;
        bool ours = strcmp(place, "/workspace") == 0 || strcmp(place, "/tmp") == 0 || strcmp(place, "/input") == 0 || strncmp(place, "/dev", 4) == 0;
        struct stat status; /* what is covered is covered with /dev/null */
        bool device = stat(place, &status) == 0 && S_ISCHR(status.st_mode);
        if (strncmp(options, "rw", 2) == 0 && !ours && !device && access(place, W_OK) == 0) through("%s can be written", place);
        if (strstr(line, "shared:")) through("%s is shared with the host", place);
    }
    return judge();
}

/* Accepted: what every process of a machine may know. It is listed, not judged. */
static enum verdict host_facts(void) {
    char text[512];
    long memory = 0;
    if (slurp("/proc/meminfo", text, sizeof text) > 0) sscanf(text, "MemTotal: %ld", &memory);
    return contained("accepted: %ld processors, %ld MiB, uptime, load and kernel version can be read", sysconf(_SC_NPROCESSORS_CONF), memory / 1024);
}

static const struct hostile_case cases[] = {
    {"core-pattern", "sets the program that gets every core dump", "refused", core_pattern, {0}, true, PLAIN_COVERED},
    {"sysrq", "presses the kernel's emergency keys", "refused", sysrq, {0}, true, PLAIN_COVERED},
    {"helpers", "sets programs that the kernel starts as root", "refused", helpers, {0}, true, PLAIN_COVERED},
    {"release-agent", "sets the program that cgroups start as root", "refused", release_agent, {0}, true, PLAIN_COVERED},
    {"cgroup-raise", "raises its own limits, or makes a cgroup", "refused", cgroup_raise, {0}, true},
    {"kcore", "reads the kernel's memory", "refused or empty", kernel_memory, {0}, true, PLAIN_COVERED},
    {"kernel-secrets", "reads keys, traces, schedules and logs of the host", "refused or empty", kernel_secrets, {0}, true, PLAIN_COVERED},
    {"timer-list", "reads the timers of all processes", "refused or empty", timer_list, {0}, true, PLAIN_COVERED},
    {"firmware", "reads tables, serial numbers and disks of the machine", "refused or empty", firmware, {0}, true, PLAIN_COVERED},
    {"kallsyms", "reads addresses of the kernel", "zeros", kernel_addresses, {0}, true, PLAIN_COVERED},
    {"devices", "opens devices of the host", "refused", devices, {0}, true, PLAIN_COVERED},
    {"disks", "opens disks of the host", "there are none", disks, {0}, true, PLAIN_COVERED},
    {"dev-kmsg", "opens the kernel's log", "refused", kernel_messages, {0}, true, PLAIN_COVERED},
    {"daemon-sockets", "looks for sockets of daemons that rule the host", "there are none", daemon_sockets, {0}, true, PLAIN_EMPTY},
    {"oom-immune", "makes itself the last that is killed for memory", "refused", oom_immune, {0}, true, PLAIN_FILTER},
    {"root-write", "writes outside its workspace", "refused", write_system, {0}, true},
    {"sysctl-write", "sets kernel parameters", "refused", write_settings, {0}, true, PLAIN_COVERED},
    {"pseudo-fs", "looks into debugfs, tracefs, bpffs, efivars", "empty or not there", pseudo_file_systems, {0}, true, PLAIN_COVERED},
    {"other-processes", "looks for processes of others", "none but process 1", other_processes, {0}, true, PLAIN_EMPTY},
    {"environment", "looks for secrets in its environment", "only what every sandbox has", environment, {0}, true, PLAIN_EMPTY},
    {"resolver", "reads the host's name servers and domain", "not there", resolver, {0}, true, PLAIN_EMPTY},
    {"leftover", "looks for files, segments and sockets of others", "nothing", leftover, {0}, false, PLAIN_EMPTY},
    {"host-mounts", "looks for mounts that can be written or are shared", "none but its own", host_mounts, {0}, true},
    {"host-facts", "reads processors, memory, uptime", "readable; accepted", host_facts, {0}, true, PLAIN_FACT},
};
GROUP(system_group, "host", "/proc, /sys, /dev, and what shows or sets something of the host", cases);
