/* Privilege, and system calls that nothing in a sandbox needs. */
#define _GNU_SOURCE
#include "hostile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <sys/io.h>
#endif

enum { NEW_TIME = 0x80, NEW_MOUNT = 0x20000, NEW_CGROUP = 0x02000000, NEW_UTS = 0x04000000, NEW_IPC = 0x08000000, NEW_USER = 0x10000000,
       NEW_PID = 0x20000000, NEW_NETWORK = 0x40000000 };

static const struct namespace {
    const char *name, *file;
    unsigned long flag;
} namespaces[] = {
    {"user", "user", NEW_USER}, {"mount", "mnt", NEW_MOUNT},    {"network", "net", NEW_NETWORK}, {"pid", "pid", NEW_PID},
    {"ipc", "ipc", NEW_IPC},    {"uts", "uts", NEW_UTS},        {"cgroup", "cgroup", NEW_CGROUP}, {"time", "time", NEW_TIME},
};
#define EACH_NAMESPACE(one) for (const struct namespace *one = namespaces; one < namespaces + sizeof namespaces / sizeof *namespaces; one++)

/* ---- privilege ---- */

static enum verdict capabilities(void) {
    char status[4096];
    if (slurp("/proc/self/status", status, sizeof status) < 0) return unsupported("no /proc/self/status");
    static const char *const sets[] = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"};
    for (size_t i = 0; i < 5; i++) {
        const char *at = strstr(status, sets[i]);
        if (at && strtoull(at + 7, NULL, 16) != 0) return breached("%s is %.16s", sets[i], at + 8);
    }
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    struct { uint32_t effective, permitted, inheritable; } wanted[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
    call("raising them", syscall(SYS_capset, &header, wanted));
    call("an ambient one", prctl(47 /* PR_CAP_AMBIENT */, 2, 0, 0, 0));
    return judge();
}

/* EINVAL: that user has no number in this user namespace. */
static enum verdict set_user(void) {
    if (geteuid() == 0) return breached("it is user 0 already");
    refused_with("setuid", setuid(0), EINVAL);
    refused_with("setgid", setgid(0), EINVAL);
    refused_with("setresuid", setresuid(0, 0, 0), EINVAL);
    refused_with("setresgid", setresgid(0, 0, 0), EINVAL);
    gid_t group = 0;
    refused_with("setgroups", syscall(SYS_setgroups, 1, &group), EINVAL);
    if (geteuid() == 0 || getuid() == 0) through("it is user 0 now");
    return judge();
}

/* What the image brings along: started, and looked at from outside while it runs. */
static void start_setuid(const char *program) {
    int input[2];
    if (pipe(input) != 0) return;
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(input[0], 0);
        dup2(null, 1);
        dup2(null, 2);
        close(input[1]);
        alarm(5);
        execl(program, program, (char *)NULL);
        _exit(1);
    }
    sleep_ms(60);
    char file[64], status[4096];
    snprintf(file, sizeof file, "/proc/%d/status", (int)child);
    const char *user = slurp(file, status, sizeof status) > 0 ? strstr(status, "\nUid:") : NULL;
    unsigned real = 1, effective = 1;
    if (user && sscanf(user, "\nUid: %u %u", &real, &effective) == 2 && effective == 0 && geteuid() != 0) through("%s runs as user 0", program);
    close(input[1]);
    close(input[0]);
    kill(child, SIGKILL);
    wait_for(child);
}

static enum verdict setuid_binary(void) {
    static const char *const places[] = {"/bin", "/usr/bin", "/usr/sbin", "/usr/lib/openssh", "/usr/lib/dbus-1.0"};
    int found = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places && found < 12; i++) {
        DIR *directory = opendir(places[i]);
        if (!directory) continue;
        for (struct dirent *entry; (entry = readdir(directory)) && found < 12;) {
            struct stat status;
            if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
            if (!S_ISREG(status.st_mode) || !(status.st_mode & S_ISUID) || status.st_uid != 0) continue;
            char program[512];
            snprintf(program, sizeof program, "%s/%s", places[i], entry->d_name);
            start_setuid(program);
            found++;
        }
        closedir(directory);
    }
    if (geteuid() == 0) return breached("it is user 0 already");
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) through("a program may gain privileges");
    enum verdict verdict = judge();
    return verdict == CONTAINED ? contained("%d such programs gain nothing", found) : verdict;
}

static enum verdict chmod_suid(void) {
    int file = open("suid", O_WRONLY | O_CREAT, 0755);
    if (file < 0) return unsupported("no file: %s", strerror(errno));
    bool set = fchmod(file, 06755) == 0;
    struct statvfs system;
    fstatvfs(file, &system);
    if (set && !(system.f_flag & ST_NOSUID) && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) through("the bit is set and counts");
    refused_with("giving it to user 0", geteuid() == 0 ? 0 : fchown(file, 0, 0), EINVAL);
    close(file);
    return judge();
}

static enum verdict file_capabilities(void) {
    /* Version 2, effective, all of them. */
    static const uint32_t all[5] = {0x02000001, ~0u, 0, ~0u, 0};
    int file = open("capable", O_WRONLY | O_CREAT, 0755);
    if (file < 0) return unsupported("no file: %s", strerror(errno));
    call("security.capability", fsetxattr(file, "security.capability", all, sizeof all, 0));
    call("trusted.overlay.opaque", fsetxattr(file, "trusted.overlay.opaque", "y", 1, 0));
    return judge();
}

static enum verdict chown_root(void) {
    int file = open("owned", O_WRONLY | O_CREAT, 0644);
    if (file < 0) return unsupported("no file: %s", strerror(errno));
    refused_with("giving a file away", fchown(file, 12345, 12345), EINVAL);
    refused_with("giving a file to user 0", geteuid() == 0 ? 0 : fchown(file, 0, 0), EINVAL);
    return judge();
}

/* ---- mounts ---- */

static enum verdict mount_anything(void) {
    call("tmpfs", mount("none", "/tmp", "tmpfs", 0, ""));
    call("proc", mount("proc", "/tmp", "proc", 0, ""));
    call("a bind", mount("/", "/tmp", NULL, MS_BIND, NULL));
    call("fsopen", syscall(430, "tmpfs", 0));
    call("open_tree", syscall(428, AT_FDCWD, "/", 1));
    call("move_mount", syscall(429, -1, "", -1, "", 0));
    call("fspick", syscall(433, AT_FDCWD, "/", 0));
    call("mount_setattr", syscall(442, AT_FDCWD, "/", 0, NULL, 0));
    return judge();
}

static enum verdict remount_root(void) {
    call("remounting the root", mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
    call("making it shared", mount(NULL, "/", NULL, MS_SHARED | MS_REC, NULL));
    return judge();
}

static enum verdict umount_mask(void) {
    static const char *const masks[] = {"/proc/kcore", "/proc/sysrq-trigger", "/proc/sys", "/sys/firmware", "/proc"};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) call(masks[i], umount2(masks[i], MNT_DETACH));
    return judge();
}

static enum verdict change_root(void) {
    call("chroot", chroot("/"));
    call("pivot_root", syscall(SYS_pivot_root, ".", "."));
    return judge();
}

static enum verdict device_nodes(void) {
    static const struct { const char *name; mode_t kind; unsigned major, minor; } nodes[] = {
        {"mem", S_IFCHR, 1, 1},  {"kmsg", S_IFCHR, 1, 11}, {"disk", S_IFBLK, 8, 0}, {"virtual-disk", S_IFBLK, 254, 0}, {"nvme", S_IFBLK, 259, 0},
        {"loop", S_IFBLK, 7, 0}, {"fuse", S_IFCHR, 10, 229}, {"kvm", S_IFCHR, 10, 232}, {"tun", S_IFCHR, 10, 200},
    };
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        long made = mknod(nodes[i].name, nodes[i].kind | 0600, (dev_t)(nodes[i].major << 8 | nodes[i].minor));
        call(nodes[i].name, made);
        if (made == 0) unlink(nodes[i].name);
    }
    return judge();
}

/* The name of a file that is not there, to overlay file systems; needs no privilege. */
static enum verdict whiteout_node(void) {
    long made = mknod("whiteout", S_IFCHR | 0600, 0);
    if (made == 0) return contained("made; it must be refused on the way out");
    call("a character device 0:0", made);
    return judge();
}

/* ---- namespaces ---- */

static enum verdict unshare_all(void) {
    EACH_NAMESPACE(one) call(one->name, unshare((int)one->flag));
    return judge();
}

static enum verdict clone_namespaces(void) {
    EACH_NAMESPACE(one) {
        if (one->flag == NEW_TIME) continue; /* clone takes the low byte for a signal */
        long made = syscall(SYS_clone, one->flag | SIGCHLD, 0, 0, 0, 0);
        if (made == 0) _exit(0);
        call(one->name, made);
        if (made > 0) wait_for((pid_t)made);
    }
    return judge();
}

static enum verdict clone3_namespaces(void) {
    struct { uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls; } arguments = {.exit_signal = SIGCHLD};
    EACH_NAMESPACE(one) {
        arguments.flags = one->flag;
        long made = syscall(435, &arguments, sizeof arguments);
        if (made == 0) _exit(0);
        call(one->name, made);
        if (made > 0) wait_for((pid_t)made);
    }
    return judge();
}

static enum verdict set_namespace(void) {
    EACH_NAMESPACE(one) {
        char file[64];
        snprintf(file, sizeof file, "/proc/self/ns/%s", one->file);
        int own = open(file, O_RDONLY | O_CLOEXEC);
        if (own < 0) continue;
        refused_with(one->name, setns(own, 0), one->flag == NEW_USER ? EINVAL : EPERM); /* the own user namespace is refused to everyone */
        close(own);
    }
    return judge();
}

/* ---- calls ---- */

static enum verdict bpf(void) {
    char attributes[128] = {0};
    *(uint32_t *)attributes = 2, ((uint32_t *)attributes)[1] = 4, ((uint32_t *)attributes)[2] = 4, ((uint32_t *)attributes)[3] = 1;
    call("making a map", syscall(SYS_bpf, 0, attributes, sizeof attributes));
    call("loading a program", syscall(SYS_bpf, 5, attributes, sizeof attributes));
    return judge();
}

static enum verdict perf(void) {
    uint32_t attributes[32] = {1 /* software */, sizeof attributes};
    call("perf_event_open", syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0));
    return judge();
}

static enum verdict user_faults(void) {
    call("userfaultfd", syscall(SYS_userfaultfd, 1));
    try_open("/dev/userfaultfd", O_RDWR);
    return judge();
}

static enum verdict io_uring(void) {
    char parameters[256] = {0};
    call("io_uring_setup", syscall(425, 4, parameters));
    call("io_uring_register", syscall(427, -1, 0, NULL, 0));
    call("io_uring_enter", syscall(426, -1, 0, 0, 0, NULL, 0));
    return judge();
}

static enum verdict keyring(void) {
    call("add_key", syscall(SYS_add_key, "user", "hostile", "x", 1, -2));
    call("request_key", syscall(SYS_request_key, "user", "hostile", NULL, 0));
    call("keyctl", syscall(SYS_keyctl, 0 /* get keyring id */, -4 /* of the user */, 0));
    return judge();
}

static enum verdict modules(void) {
    call("init_module", syscall(SYS_init_module, "", 0, ""));
    call("finit_module", syscall(SYS_finit_module, -1, "", 0));
    call("delete_module", syscall(SYS_delete_module, "hostile_is_no_module", O_NONBLOCK));
    return judge();
}

static enum verdict kexec(void) {
    call("kexec_load", syscall(SYS_kexec_load, 0, 10000, NULL, 0)); /* more segments than there may be */
#ifdef SYS_kexec_file_load
    call("kexec_file_load", syscall(SYS_kexec_file_load, -1, -1, 0, NULL, 0x8000));
#endif
    return judge();
}

static enum verdict handles(void) {
    char handle[128] = {8};
    call("open_by_handle_at", syscall(SYS_open_by_handle_at, AT_FDCWD, handle, O_RDONLY));
    call("fanotify_init", syscall(SYS_fanotify_init, 0, O_RDONLY));
    return judge();
}

static enum verdict administration(void) {
    call("quotactl", syscall(SYS_quotactl, 0x80000700, "/dev/hostile", 0, NULL));
    call("swapon", syscall(SYS_swapon, "/hostile-is-not-there", 0));
    call("swapoff", syscall(SYS_swapoff, "/hostile-is-not-there"));
    call("reboot", syscall(SYS_reboot, 0, 0, 0, NULL)); /* without its magic numbers */
    call("acct", syscall(SYS_acct, "/hostile-is-not-there"));
    call("vhangup", syscall(SYS_vhangup));
#if defined(__x86_64__)
    call("nfsservctl", syscall(180, 0, NULL, NULL));
#endif
    return judge();
}

static enum verdict kernel_log(void) {
    char text[64];
    call("reading the kernel's log", syscall(SYS_syslog, 3, text, sizeof text));
    call("its size", syscall(SYS_syslog, 10, NULL, 0));
    return judge();
}

static enum verdict set_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    call("clock_settime", clock_settime(CLOCK_REALTIME, &now));
    call("settimeofday", syscall(SYS_settimeofday, NULL, NULL));
    long adjust[32] = {1 /* the offset */};
    call("adjtimex", syscall(SYS_adjtimex, adjust));
    return judge();
}

static enum verdict set_hostname(void) {
    call("sethostname", sethostname("hostile", 7));
    call("setdomainname", setdomainname("hostile", 7));
    return judge();
}

/* A child asks, since a filter may kill who does. Contained: no process number came back. */
static enum verdict asked_by_child(void (*ask)(void *)) {
    int status = wait_for(start_child(ask, NULL));
    if (WIFSIGNALED(status)) return contained("killed by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status) == 0 ? breached("a call was answered") : contained("%s", strerror(WEXITSTATUS(status)));
}

#if defined(__x86_64__)
static void call_by_abi32(void *unused) {
    (void)unused;
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20 /* getpid there */) : "memory", "r8", "r9", "r10", "r11");
    _exit(result > 0 ? 0 : (int)-result);
}

static void call_by_x32(void *unused) {
    (void)unused;
    _exit(syscall(0x40000000 | SYS_getpid) > 0 ? 0 : errno);
}
#else
static void call_by_abi32(void *unused) {
    (void)unused;
    _exit(ENOSYS); /* this machine has no other ABI */
}
#define call_by_x32 call_by_abi32
#endif

static enum verdict other_abi(void) {
    return asked_by_child(call_by_abi32);
}

static enum verdict x32_abi(void) {
    return asked_by_child(call_by_x32);
}

static void be_traced(void *unused) {
    (void)unused;
    _exit(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? 0 : errno);
}

static enum verdict trace_child(void) {
    pid_t child = start_child(pause_for_ever, NULL);
    call("tracing a child", ptrace(PTRACE_ATTACH, child, 0, 0));
    kill(child, SIGKILL);
    wait_for(child);
    int status = wait_for(start_child(be_traced, NULL));
    errno = WEXITSTATUS(status);
    call("being traced", errno == 0 ? 0 : -1);
    return judge();
}

static enum verdict ports(void) {
#if defined(__x86_64__)
    call("iopl", iopl(3));
    call("ioperm", ioperm(0x80, 1, 1));
    return judge();
#else
    return unsupported("this machine has no ports");
#endif
}

/* Flushes the whole host and tells nobody; syncfs is told apart by its result. */
static enum verdict sync_host(void) {
    errno = 0;
    call("sync", syscall(SYS_sync));
    return judge();
}

static enum verdict persona(void) {
    call("addresses that are not random", syscall(SYS_personality, 0x0040000));
    call("whatever is read is run", syscall(SYS_personality, 0x0400000));
    return judge();
}

static enum verdict secret_memory(void) {
    call("memory that the host cannot see", syscall(447, 0));
    return judge();
}

static enum verdict memory_policy(void) {
    call("set_mempolicy", syscall(SYS_set_mempolicy, 0, NULL, 0));
    call("mbind", syscall(SYS_mbind, NULL, 4096, 0, NULL, 0, 0));
    return judge();
}

static enum verdict relics(void) {
#if defined(__x86_64__)
    call("uselib", syscall(SYS_uselib, "/hostile-is-not-there"));
    call("ustat", syscall(SYS_ustat, 0, NULL));
    call("sysfs", syscall(SYS_sysfs, 3));
    call("_sysctl", syscall(SYS__sysctl, NULL));
    call("modify_ldt", syscall(SYS_modify_ldt, 0, NULL, 0));
#endif
    call("lookup_dcookie", syscall(SYS_lookup_dcookie, 0ull, NULL, 0));
    return judge();
}

static enum verdict inject_input(void) {
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY);
    if (terminal < 0) return contained("no terminal: %s", strerror(errno));
    return ioctl(terminal, TIOCSTI, "") == 0 ? breached("typed into a terminal") : contained("%s", strerror(errno));
}

static const struct hostile_case cases[] = {
    {"capabilities", "has or raises capabilities", "none in any set", capabilities, {0}, true},
    {"setuid-0", "becomes user 0 or group 0", "refused", set_user, {0}, true},
    {"setuid-binary", "starts the image's set-user-id programs", "none runs as user 0", setuid_binary, {0}, false},
    {"chmod-suid", "makes a set-user-id program", "the bit does not count, the owner stays", chmod_suid, {0}, true},
    {"file-caps", "gives a file capabilities", "refused", file_capabilities, {0}, true},
    {"chown-root", "gives files away", "refused", chown_root, {0}, true},
    {"mount", "mounts, by the old calls and the new", "refused", mount_anything, {0}, true, PLAIN_FILTER},
    {"remount-root", "makes the root writable", "refused", remount_root, {0}, true, PLAIN_FILTER},
    {"umount-mask", "uncovers what is covered", "refused", umount_mask, {0}, true, PLAIN_FILTER},
    {"chroot", "changes the root", "refused", change_root, {0}, true},
    {"mknod", "makes nodes of memory, disks and devices", "refused", device_nodes, {0}, true},
    {"whiteout", "makes the node that hides files in image layers", "refused, or left out with a finding", whiteout_node, {.dropped = "whiteout"}, false, PLAIN_FILTER},
    {"unshare", "takes new namespaces, of users first", "refused", unshare_all, {0}, true, PLAIN_FILTER},
    {"clone-ns", "starts a child in new namespaces", "refused", clone_namespaces, {0}, true, PLAIN_FILTER},
    {"clone3-ns", "the same by clone3", "refused", clone3_namespaces, {0}, true, PLAIN_FILTER},
    {"setns", "enters namespaces", "refused", set_namespace, {0}, true, PLAIN_FILTER},
    {"bpf", "loads programs and maps into the kernel", "refused", bpf, {0}, true, PLAIN_FILTER},
    {"perf", "counts events of the processor", "refused", perf, {0}, true, PLAIN_FILTER},
    {"userfaultfd", "handles page faults", "refused", user_faults, {0}, true, PLAIN_FILTER},
    {"io-uring", "asks the kernel through rings that no filter sees", "refused", io_uring, {0}, true},
    {"keyring", "uses key rings", "refused", keyring, {0}, true, PLAIN_FILTER},
    {"modules", "loads and removes kernel modules", "refused", modules, {0}, true, PLAIN_FILTER},
    {"kexec", "loads another kernel", "refused", kexec, {0}, true, PLAIN_FILTER},
    {"handle-at", "opens files by number, watches all files", "refused", handles, {0}, true, PLAIN_FILTER},
    {"administration", "quota, swap, reboot, accounting", "refused", administration, {0}, true, PLAIN_FILTER},
    {"syslog", "reads the kernel's log", "refused", kernel_log, {0}, true, PLAIN_FILTER},
    {"clock", "sets the clock", "refused", set_clock, {0}, true, PLAIN_FILTER},
    {"hostname", "sets the host's name", "refused", set_hostname, {0}, true, PLAIN_FILTER},
    {"abi32", "calls by the 32-bit ABI", "refused", other_abi, {0}, false},
    {"x32", "calls by the x32 ABI", "refused", x32_abi, {0}, false, PLAIN_FILTER},
    {"ptrace", "traces its own children", "refused", trace_child, {0}, true},
    {"ports", "reads and writes ports of the machine", "refused", ports, {0}, true, PLAIN_FILTER},
    {"sync", "flushes the whole host", "refused", sync_host, {0}, false},
    {"personality", "turns off random addresses", "refused", persona, {0}, true, PLAIN_FILTER},
    {"memfd-secret", "hides memory from the host", "refused", secret_memory, {0}, true},
    {"numa", "places memory", "refused", memory_policy, {0}, true, PLAIN_FILTER},
    {"relics", "calls that nobody has needed for decades", "refused", relics, {0}, true},
    {"tiocsti", "types into a terminal", "there is none", inject_input, {0}, true, PLAIN_EMPTY},
};
GROUP(calls_group, "privilege", "privilege, and system calls that nothing needs", cases);
