/* What a command may use up: processes, memory, processor, disk, descriptors. */
#define _GNU_SOURCE
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* More of each than any sandbox of the suite may have, and less than would harm a machine. */
enum { PROCESSES = 600, THREADS = 1000, DESCRIPTORS = 15000, INODES = 150000, MEBIBYTE = 1 << 20, MEBIBYTES = 1024 };

/* ---- processes ---- */

static enum verdict refused_after(const char *what, int made, int most) {
    if (made >= most) return breached("%d %s and no end", made, what);
    return errno == EAGAIN || errno == ENOMEM || errno == EMFILE || errno == ENFILE || errno == ENOSPC
               ? contained("%s after %d %s", strerror(errno), made, what)
               : breached("an odd end after %d %s: %s", made, what, strerror(errno));
}

static enum verdict fork_flood(void) {
    static pid_t children[PROCESSES];
    int made = 0;
    while (made < PROCESSES && (children[made] = start_child(pause_for_ever, NULL)) > 0) made++;
    int error = errno;
    for (int i = 0; i < made; i++) kill(children[i], SIGKILL);
    for (int i = 0; i < made; i++) wait_for(children[i]);
    errno = error;
    return refused_after("processes", made, PROCESSES);
}

static enum verdict zombie_flood(void) {
    int made = 0;
    pid_t child = 0;
    while (made < PROCESSES && (child = fork()) > 0) made++;
    if (child == 0 && made < PROCESSES) _exit(0);
    return refused_after("zombies", made, PROCESSES);
}

static int sleeping_thread(void *unused) {
    (void)unused;
    sleep_ms(8000);
    return 0;
}

static enum verdict thread_flood(void) {
    char *stacks = mmap(NULL, (size_t)THREADS * 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stacks == MAP_FAILED) return unsupported("no room for stacks");
    const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
    int made = 0;
    while (made < THREADS && clone(sleeping_thread, stacks + (size_t)(made + 1) * 8192, flags, NULL) > 0) made++;
    return refused_after("threads", made, THREADS);
}

static void bomb(atomic_int *made, int64_t end) {
    while (now_ms() < end) {
        if (atomic_fetch_add(made, 1) >= PROCESSES || fork() < 0) {
            atomic_fetch_sub(made, 1);
            sleep_ms(2);
        }
    }
}

static enum verdict fork_bomb(void) {
    bomb(shared_page(), now_ms() + 6000);
    _exit(0);
}

/* ---- memory ---- */

static enum verdict touched(const char *what) {
    return breached("%d MiB %s and no end", MEBIBYTES, what);
}

static char *touch_mebibytes(int count) {
    char *memory = mmap(NULL, (size_t)count * MEBIBYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    for (size_t i = 0; i < (size_t)count * MEBIBYTE; i += 4096) memory[i] = 1;
    return memory;
}

static enum verdict mem_hog(void) {
    for (int i = 0; i < MEBIBYTES; i += 16)
        if (!touch_mebibytes(16)) return contained("no more memory after %d MiB", i);
    return touched("touched");
}

static enum verdict mem_children(void) {
    for (int i = 0; i < 16; i++)
        if (fork() == 0) {
            if (!touch_mebibytes(64)) _exit(1);
            sleep_ms(3000);
            _exit(0);
        }
    int status, lost = 0;
    for (int i = 0; i < 16; i++)
        if (wait(&status) > 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) lost++;
    return lost > 0 ? contained("%d of 16 children of 64 MiB were killed or refused", lost) : touched("in 16 children");
}

static int fill(int file, int mebibytes) {
    static char block[MEBIBYTE];
    for (int i = 0; i < mebibytes; i++)
        for (size_t done = 0; done < sizeof block;) {
            ssize_t size = write(file, block + done, sizeof block - done);
            if (size <= 0) return i;
            done += (size_t)size;
        }
    return mebibytes;
}

static void signals_of_limits_ignored(void) {
    signal(SIGXFSZ, SIG_IGN);
}

static enum verdict mem_tmpfs(void) {
    signals_of_limits_ignored();
    static const char *const places[] = {"hog", "/tmp/hog"};
    for (size_t i = 0; i < 2; i++) {
        int file = open(places[i], O_WRONLY | O_CREAT, 0600);
        if (file >= 0) fill(file, MEBIBYTES / 4);
    }
    return mem_hog();
}

static enum verdict mem_memfd(void) {
    signals_of_limits_ignored();
    for (int i = 0; i < MEBIBYTES; i += 8) {
        int file = memfd_create("hog", 0);
        if (file < 0 || fill(file, 8) < 8) return contained("refused after %d MiB: %s", i, strerror(errno));
    }
    return touched("in files without a name");
}

static enum verdict mem_shared(void) {
    for (int i = 0; i < MEBIBYTES; i += 16) {
        char *memory = mmap(NULL, 16 * MEBIBYTE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return contained("refused after %d MiB: %s", i, strerror(errno));
        for (size_t j = 0; j < 16 * MEBIBYTE; j += 4096) memory[j] = 1;
    }
    return touched("of shared memory");
}

static enum verdict mem_segments(void) {
    for (int i = 0; i < MEBIBYTES; i += 16) {
        int segment = shmget(IPC_PRIVATE, 16 * MEBIBYTE, IPC_CREAT | 0600);
        char *memory = segment < 0 ? (char *)-1 : shmat(segment, NULL, 0);
        if (memory == (char *)-1) return contained("refused after %d MiB: %s", i, strerror(errno));
        shmctl(segment, IPC_RMID, NULL);
        for (size_t j = 0; j < 16 * MEBIBYTE; j += 4096) memory[j] = 1;
    }
    return touched("of System V segments");
}

/* A page of a table for every page touched. */
static enum verdict mem_tables(void) {
    for (int i = 0; i < MEBIBYTES * 32; i++) {
        char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        char *far = mmap((char *)(uintptr_t)(0x100000000000ull + (uintptr_t)i * 0x40000000ull % 0x600000000000ull), 4096, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED || far == MAP_FAILED) return contained("refused after %d mappings: %s", i, strerror(errno));
        *memory = *far = 1;
    }
    return breached("%d mappings far apart and no end", MEBIBYTES * 32);
}

/* The kernel shall choose process 1 in our place: our score is as low as it may be, and the memory is nobody's heap. */
static enum verdict oom_steer(void) {
    char text[16];
    int score = open("/proc/self/oom_score_adj", O_WRONLY);
    for (int value = -1000; score >= 0 && value <= 1000; value += 100)
        if (pwrite(score, text, (size_t)snprintf(text, sizeof text, "%d", value), 0) > 0) break;
    return mem_memfd();
}

static enum verdict mem_lock(void) {
    char *memory = mmap(NULL, MEBIBYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return unsupported("no memory");
    if (mlock(memory, MEBIBYTE) == 0) return breached("locked a mebibyte");
    int error = errno;
    if (mlockall(MCL_CURRENT | MCL_FUTURE) == 0) return breached("locked all there is");
    return contained("%s", strerror(error));
}

/* ---- processor ---- */

static void spin_for(void *milliseconds) {
    for (int64_t end = now_ms() + *(int *)milliseconds; now_ms() < end;) {}
}

static enum verdict cpu_spin(void) {
    int milliseconds = 2000;
    int64_t start = now_ms();
    for (int i = 0; i < 6; i++) start_child(spin_for, &milliseconds);
    while (wait(NULL) > 0) {}
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    long wall = (long)(now_ms() - start);
    long cpu = (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
    long percent = cpu * 100 / wall;
    if (sysconf(_SC_NPROCESSORS_ONLN) < 2) return unsupported("there is one processor here");
    return percent > 125 ? breached("%ld%% of one processor", percent) : contained("%ld%% of one processor", percent);
}

static enum verdict higher_priority(void) {
    errno = 0;
    call("nice -5", setpriority(PRIO_PROCESS, 0, -5));
    struct sched_param parameter = {.sched_priority = 1};
    call("real-time scheduling (FIFO)", sched_setscheduler(0, SCHED_FIFO, &parameter));
    call("real-time scheduling (round robin)", sched_setscheduler(0, SCHED_RR, &parameter));
    call("real-time input and output", syscall(SYS_ioprio_set, 1, 0, 1 << 13));
    return judge();
}

/* ---- disk ---- */

static enum verdict fill_disk(const char *place) {
    signals_of_limits_ignored();
    int written = 0;
    for (int i = 0; i < 64 && written < MEBIBYTES; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s/fill-%d", place, i);
        int file = open(name, O_WRONLY | O_CREAT, 0600);
        if (file < 0) return contained("%s: %s after %d MiB", place, strerror(errno), written);
        int more = fill(file, 16);
        int error = errno;
        close(file);
        written += more;
        if (more < 16) return contained("%s: %s after %d MiB", place, strerror(error), written);
    }
    return breached("%s took %d MiB and no end", place, written);
}

static enum verdict disk_fill(void) {
    return fill_disk(".");
}

static enum verdict temporary_fill(void) {
    return fill_disk("/tmp");
}

static enum verdict inode_fill(void) {
    if (mkdir("many", 0755) != 0) return unsupported("no directory: %s", strerror(errno));
    for (int i = 0; i < INODES; i++) {
        char name[64];
        snprintf(name, sizeof name, "many/%d", i);
        int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) return contained("%s after %d files", strerror(errno), i);
        close(file);
    }
    return breached("%d files and no end", INODES);
}

static enum verdict huge_file(void) {
    signals_of_limits_ignored();
    int file = open("huge", O_WRONLY | O_CREAT, 0600);
    if (file < 0) return unsupported("no file: %s", strerror(errno));
    if (pwrite(file, "x", 1, 1ll << 30) == 1) return breached("a byte at one gibibyte was written");
    return contained("%s", strerror(errno));
}

static enum verdict sparse_file(void) {
    signals_of_limits_ignored();
    int file = open("sparse", O_WRONLY | O_CREAT, 0600);
    if (file < 0) return unsupported("no file: %s", strerror(errno));
    if (ftruncate(file, 1ll << 40) == 0) return breached("a file of one tebibyte");
    int error = errno;
    if (fallocate(file, 0, 0, 1ll << 40) == 0) return breached("one tebibyte was set aside");
    return contained("%s, %s", strerror(error), strerror(errno));
}

/* ---- descriptors and the rest ---- */

static enum verdict fd_flood(void) {
    int made = 0;
    while (made < DESCRIPTORS && open("/dev/null", O_RDONLY) >= 0) made++;
    return refused_after("descriptors", made, DESCRIPTORS);
}

static void dump(void *unused) {
    (void)unused;
    struct rlimit wanted = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_CORE, &wanted);
    abort();
}

static enum verdict core_dump(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_CORE, &limit);
    int status = wait_for(start_child(dump, NULL));
    if (WIFSIGNALED(status) && WCOREDUMP(status)) return breached("a dying process left a core dump");
    return limit.rlim_max == 0 ? contained("the limit is 0 and cannot be raised") : breached("core dumps may have %llu bytes", (unsigned long long)limit.rlim_max);
}

static enum verdict message_queue(void) {
    long queue = syscall(SYS_mq_open, "hostile", O_RDWR | O_CREAT, 0600, NULL);
    if (queue < 0 && (errno == EMFILE || errno == ENOMEM)) return contained("%s", strerror(errno));
    call("a message queue", queue);
    return judge();
}

static enum verdict shm_fill(void) {
    int file = open("/dev/shm/hostile", O_RDWR | O_CREAT, 0600);
    path("a file in /dev/shm", file);
    return judge();
}

static enum verdict raise_rlimit(void) {
    static const int resources[] = {RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_MEMLOCK, RLIMIT_FSIZE, RLIMIT_MSGQUEUE, RLIMIT_NICE, RLIMIT_RTPRIO};
    int refusals = 0;
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        struct rlimit now, wanted;
        if (getrlimit((__rlimit_resource_t)resources[i], &now) != 0 || now.rlim_max == RLIM_INFINITY) continue;
        wanted = (struct rlimit){now.rlim_max + 1, now.rlim_max + 1};
        if (setrlimit((__rlimit_resource_t)resources[i], &wanted) == 0) return breached("limit %d was raised", resources[i]);
        refusals++;
    }
    return refusals > 0 ? contained("%d limits stay", refusals) : breached("no limit is set at all");
}

static const struct hostile_case cases[] = {
    {"fork-flood", "forks children that sleep", "refused at the limit of processes", fork_flood, {.then = "alone"}, false},
    {"fork-bomb", "forks for ever, each child too", "killed at a limit or its time-out, nothing left", fork_bomb, {.end = "TIMEOUT|MEMORY|PIDS", .seconds = STUCK, .then = "alone"}, false},
    {"thread-flood", "makes threads", "refused at the limit of processes", thread_flood, {.then = "alone"}, false},
    {"zombie-flood", "makes children and reaps none", "refused at the limit of processes", zombie_flood, {.then = "alone"}, false},
    {"mem-hog", "touches memory until it is stopped", "killed, MEMORY named", mem_hog, {.end = "MEMORY|verdict"}, false},
    {"mem-children", "has many children touch memory", "they are killed, or all of it with MEMORY named", mem_children, {.end = "MEMORY|verdict"}, false},
    {"mem-tmpfs", "fills the disks, which are memory, and then memory", "killed, MEMORY named", mem_tmpfs, {.end = "MEMORY|DISK|verdict"}, false},
    {"mem-memfd", "fills files without a name", "killed, MEMORY named", mem_memfd, {.end = "MEMORY|verdict"}, false},
    {"mem-shared", "touches shared memory that is no file", "killed, MEMORY named", mem_shared, {.end = "MEMORY|verdict"}, false},
    {"mem-segments", "touches System V segments", "killed or refused", mem_segments, {.end = "MEMORY|verdict"}, false},
    {"mem-tables", "touches single pages far apart, for the sake of page tables", "killed or refused", mem_tables, {.end = "MEMORY|verdict"}, false},
    {"oom-steer", "lowers its own score and fills memory that is no heap, so that the kernel kills process 1", "MEMORY named, nothing that counts as trouble of the host", oom_steer, {.end = "MEMORY|verdict"}, false},
    {"mem-lock", "locks a mebibyte", "refused", mem_lock, {0}, true},
    {"cpu-spin", "six spinners for two seconds", "at most one processor", cpu_spin, {0}, false},
    {"higher-priority", "asks for a higher or real-time priority", "refused", higher_priority, {0}, true, PLAIN_FILTER},
    {"disk-fill", "writes into the workspace until it is stopped", "refused at its size", disk_fill, {.end = "verdict|DISK|MEMORY"}, false},
    {"tmp-fill", "writes into /tmp until it is stopped", "refused at its size", temporary_fill, {.end = "verdict|DISK|MEMORY"}, false},
    {"inode-fill", "makes empty files until it is stopped", "refused, or killed with DISK named", inode_fill, {.end = "verdict|DISK", .seconds = 40}, false},
    {"huge-file", "writes a byte at one gibibyte", "refused", huge_file, {0}, false},
    {"sparse-file", "makes a file of one tebibyte", "refused", sparse_file, {0}, false},
    {"fd-flood", "opens descriptors until it is stopped", "refused at the limit", fd_flood, {0}, false},
    {"core-dump", "raises the limit and dies", "no core dump", core_dump, {0}, true},
    {"message-queue", "makes a POSIX message queue", "refused", message_queue, {0}, true},
    {"shm-fill", "makes a file in /dev/shm", "there is none", shm_fill, {0}, true},
    {"raise-rlimit", "raises its own limits", "refused", raise_rlimit, {0}, true, PLAIN_FILTER},
};
GROUP(limits_group, "limits", "processes, memory, processor, disk, descriptors", cases);
