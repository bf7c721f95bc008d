/*
 * The seccomp filter that init installs in every command, on every runtime, below whatever the engine installs.
 * Its first purpose: the command, which has init's uid, must not starve, limit, read or signal init.
 *
 * What a filter cannot see, and why that is bearable:
 * - Pointers and descriptors. So F_SETOWN_EX, FIOSETOWN and SIOCSPGRP (owner behind a pointer) and pidfd_send_signal (any
 *   descriptor, also one of /proc/1) are refused as a whole; the latter with ENOSYS, so that libraries fall back to kill.
 * - Signals the kernel sends on a process's behalf (F_SETSIG and owner): refused as far as they can name init. What still
 *   came would be blocked in init, and Linux never gives KILL or STOP from inside to process 1.
 * - kill(0) reaches the caller's own group only: the command has a session of its own and cannot join init's group.
 *   kill(-1) spares process 1 on Linux; it is refused all the same, for runtimes and test hosts that might not.
 * - The caller's own pid or thread id: "only on itself" means the literal 0 here. Libraries that pass a thread id
 *   (pthread_setaffinity_np, pthread_setschedparam) get EPERM.
 * - /proc/self/oom_score_adj: the command may lower it again to init's own value. The engine's word on OOM decides then.
 */
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "sandbox-init: write down this architecture's AUDIT_ARCH in filter.c"
#endif

#ifndef __NR_pidfd_send_signal
#define __NR_pidfd_send_signal 424
#endif
#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif
#ifndef __NR_pidfd_getfd
#define __NR_pidfd_getfd 438
#endif
#ifndef __NR_process_madvise
#define __NR_process_madvise 440
#endif
#ifndef __NR_process_mrelease
#define __NR_process_mrelease 448
#endif
#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE 62
#endif

enum { PROGRAM_MAX = 400, X32_BIT = 0x40000000, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };
enum { SET_OWNER = 8, SET_SIGNAL = 10, SET_OWNER_EX = 15, IOCTL_SET_OWNER = 0x8901, IOCTL_SET_GROUP = 0x8902 };

static struct sock_filter program[PROGRAM_MAX];
static unsigned short program_size;

static void emit(uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t value) {
    if (program_size < PROGRAM_MAX) program[program_size] = (struct sock_filter){code, if_true, if_false, value};
    program_size++; /* past the end filter_install refuses */
}

static void load_field(size_t offset) {
    emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

/* The kernel takes these arguments as int, so only the lower half of the register counts (little endian). */
static void load_argument(int index) {
    load_field(offsetof(struct seccomp_data, args) + 8 * (size_t)index);
}

static void allow(void) {
    emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
}

static void deny(int error) {
    emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | (uint32_t)error);
}

static void deny_if_equal(uint32_t value, int error) {
    emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
    deny(error);
}

static void deny_unless_equal(uint32_t value, int error) {
    emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value);
    deny(error);
}

/* A rule is `begin(call) … end(begin)`; every path inside returns, so the next rule still finds the call's number loaded. */
static unsigned short begin(int call) {
    emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, (uint32_t)call);
    return program_size;
}

static void end(unsigned short start) {
    if (program_size <= PROGRAM_MAX) program[start - 1].jf = (uint8_t)(program_size - start);
}

static void never(int call, int error) {
    unsigned short start = begin(call);
    deny(error);
    end(start);
}

static void only_with(int call, int first, uint32_t first_value, int second, uint32_t second_value) {
    unsigned short start = begin(call);
    load_argument(first);
    deny_unless_equal(first_value, EPERM);
    if (second >= 0) {
        load_argument(second);
        deny_unless_equal(second_value, EPERM);
    }
    allow();
    end(start);
}

static void only_on_itself(int call) {
    only_with(call, 0, 0, -1, 0);
}

static void deny_init(pid_t init, pid_t init_group) {
    deny_if_equal(1, EPERM);
    deny_if_equal((uint32_t)-1, EPERM);
    if (init != 1) {
        deny_if_equal((uint32_t)init, EPERM);
        deny_if_equal((uint32_t)-init, EPERM);
    }
    if (init_group > 1 && init_group != init) deny_if_equal((uint32_t)-init_group, EPERM);
}

static void not_to_init(int call, int arguments, pid_t init, pid_t init_group) {
    unsigned short start = begin(call);
    for (int i = 0; i < arguments; i++) {
        load_argument(i);
        deny_init(init, init_group);
    }
    allow();
    end(start);
}

static void keep_owner_of_signals(pid_t init, pid_t init_group) {
    unsigned short start = begin(__NR_fcntl);
    load_argument(1);
    deny_if_equal(SET_OWNER_EX, EPERM);
    deny_if_equal(SET_SIGNAL, EPERM);
    emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SET_OWNER);
    allow();
    load_argument(2);
    deny_init(init, init_group);
    allow();
    end(start);

    start = begin(__NR_ioctl);
    load_argument(1);
    deny_if_equal(IOCTL_SET_OWNER, EPERM);
    deny_if_equal(IOCTL_SET_GROUP, EPERM);
    allow();
    end(start);
}

/* Unix sockets, TCP and UDP; a rule on the family alone would let MPTCP, UDPLITE and ICMP through. */
static void only_plain_sockets(void) {
    unsigned short start = begin(__NR_socket);
    load_argument(0);
    emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, AF_UNIX);
    allow();
    emit(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, AF_INET);
    emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AF_INET6);
    deny(EAFNOSUPPORT);
    load_argument(2);
    emit(BPF_JMP | BPF_JEQ | BPF_K, 3, 0, 0);
    emit(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, PROTOCOL_TCP);
    emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, PROTOCOL_UDP);
    deny(EPROTONOSUPPORT);
    allow();
    end(start);
}

static void write_program(pid_t init, pid_t init_group) {
    program_size = 0;
    load_field(offsetof(struct seccomp_data, arch));
    emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, NATIVE);
    deny(ENOSYS); /* the 32-bit calls have other numbers: none of them */
    load_field(offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    emit(BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT);
    deny(ENOSYS);
#endif

    /* Limits, scheduling and memory of another process. */
    only_on_itself(__NR_prlimit64);
    only_on_itself(__NR_sched_setaffinity);
    only_on_itself(__NR_sched_setscheduler);
    only_on_itself(__NR_sched_setparam);
    only_on_itself(__NR_sched_setattr);
    only_on_itself(__NR_migrate_pages);
    only_on_itself(__NR_move_pages);
    only_with(__NR_setpriority, 0, 0 /* PRIO_PROCESS */, 1, 0);
    only_with(__NR_ioprio_set, 0, 1 /* IOPRIO_WHO_PROCESS */, 1, 0);
    never(__NR_ptrace, EPERM);
    never(__NR_process_vm_readv, EPERM);
    never(__NR_process_vm_writev, EPERM);
    never(__NR_process_madvise, EPERM);
    never(__NR_process_mrelease, EPERM);
    never(__NR_pidfd_getfd, EPERM);
    never(__NR_kcmp, EPERM);
    unsigned short start = begin(__NR_prctl);
    load_argument(0);
    deny_if_equal(PR_SCHED_CORE, EPERM);
    allow();
    end(start);

    /* Signals to init. */
    not_to_init(__NR_kill, 1, init, init_group);
    not_to_init(__NR_tkill, 1, init, init_group);
    not_to_init(__NR_tgkill, 2, init, init_group);
    not_to_init(__NR_rt_sigqueueinfo, 1, init, init_group);
    not_to_init(__NR_rt_tgsigqueueinfo, 2, init, init_group);
    not_to_init(__NR_pidfd_open, 1, init, init_group);
    never(__NR_pidfd_send_signal, ENOSYS);
    keep_owner_of_signals(init, init_group);

    /* Kernel surface that no step needs, for engines without a profile of their own (gVisor, bubblewrap). */
    never(__NR_io_uring_setup, ENOSYS);
    never(__NR_perf_event_open, EPERM);
    never(__NR_bpf, EPERM);
    never(__NR_userfaultfd, EPERM);
    never(__NR_open_by_handle_at, EPERM);
    never(__NR_add_key, EPERM);
    never(__NR_request_key, EPERM);
    never(__NR_keyctl, EPERM);
    never(__NR_sync, EPERM); /* flushes the whole host; returns nothing, so nobody notices */
    only_plain_sockets();
    allow();
}

/* With no_new_privs set before: needs no privilege. Returns 0 or an errno. */
int filter_install(pid_t init, pid_t init_group) {
    write_program(init, init_group);
    if (program_size > PROGRAM_MAX) return E2BIG;
    struct sock_fprog filter = {program_size, program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0 ? 0 : errno;
}

bool filter_supported(void) {
    return prctl(PR_GET_SECCOMP) >= 0;
}
