"""Hostile acts, by name. Each prints what it got; the test says what it must have got."""
import ctypes
import mmap
import os
import signal
import socket
import struct
import subprocess
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)


def attempt(name, act):
    try:
        act()
        print(name, "done")
    except OSError as e:
        print(name, e.strerror)


def call(number, *arguments):
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def frames():
    """What init would say of a command that passed, on every stream there is."""
    status = struct.pack("<QBBiBBBQQQQ", 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    frame = b"ALK1" + bytes([0x85, 0, 0, 0]) + struct.pack("<IIII", 1, 0, len(status), 0) + status
    for _ in range(2000):
        os.write(1, frame)
    for path in ("/proc/1/fd/1", "/proc/1/fd/0", "/proc/1/mem", "/proc/1/environ"):
        attempt(path, lambda: open(path, "r+b"))
    sys.exit(9)


def kill():
    attempt("kill-1", lambda: os.kill(1, signal.SIGKILL))
    attempt("stop-1", lambda: os.kill(1, signal.SIGSTOP))
    attempt("ptrace", lambda: call(101, 16, 1, 0, 0))
    attempt("prlimit-1", lambda: call(302, 1, 0, struct.pack("<QQ", 1, 1), 0))
    attempt("setpriority-1", lambda: os.setpriority(os.PRIO_PROCESS, 1, 19))
    attempt("setpriority-user", lambda: os.setpriority(os.PRIO_USER, 0, 19))
    attempt("affinity-1", lambda: os.sched_setaffinity(1, {0}))
    print("descriptors", sorted(int(fd) for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")))
    attempt("kill-all", lambda: os.kill(-1, signal.SIGKILL))
    sys.exit(11)


def families():
    for name, family, kind, protocol in (
        ("netlink", 16, 3, 0), ("vsock", 40, 1, 0), ("alg", 38, 5, 0), ("packet", 17, 3, 0), ("bluetooth", 31, 3, 1),
        ("mptcp", 2, 1, 262), ("udplite", 2, 2, 136), ("icmp", 2, 2, 1), ("raw", 2, 3, 1), ("tcp", 2, 1, 0), ("unix", 1, 1, 0),
    ):
        attempt(name, lambda: socket.socket(family, kind, protocol).close())
    attempt("metadata", lambda: socket.create_connection(("169.254.169.254", 80), 2))
    attempt("dns", lambda: socket.create_connection(("8.8.8.8", 53), 2))
    for name, number, arguments in (
        ("io_uring", 425, (8, ctypes.create_string_buffer(120))), ("clone3", 435, (0, 0)), ("unshare", 272, (0x10000000,)),
        ("mount", 165, (b"a", b"/tmp", b"tmpfs", 0, 0)), ("bpf", 321, (0, 0, 0)), ("perf", 298, (0, 0, 0, 0, 0)),
        ("userfaultfd", 323, (0,)), ("keyctl", 250, (0, 0)), ("setns", 308, (0, 0)), ("chroot", 161, (b"/",)),
        ("kexec", 246, (0, 0, 0, 0)), ("reboot", 169, (0, 0, 0, 0)), ("syslog", 103, (3, 0, 0)), ("handle", 304, (0, 0, 0)),
        ("sync", 162, ()), ("swapon", 167, (b"/x", 0)), ("clock", 227, (0, 0)), ("vm_readv", 310, (1, 0, 0, 0, 0, 0)),
    ):
        attempt(name, lambda: call(number, *arguments))
    attempt("etc", lambda: open("/etc/evil", "w"))
    attempt("core_pattern", lambda: open("/proc/sys/kernel/core_pattern", "w"))
    attempt("shm", lambda: open("/dev/shm/x", "w"))
    attempt("oom", lambda: os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"-900"))
    print("euid", os.geteuid() >= 1000000000, "caps", [l.split()[1] for l in open("/proc/self/status") if l.startswith("CapEff")])


def daemons():
    """A grandchild in a session of its own, deaf to all signals, that outlives the command and writes late."""
    command = os.getpid()
    if os.fork() == 0:
        os.setsid()
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        if os.fork() == 0:
            # A zombie still counts as there: from here on the command has been waited for.
            while os.path.exists("/proc/%d" % command):
                time.sleep(0.01)
            while True:
                time.sleep(0.2)
                try:
                    print("late", flush=True)
                except OSError:
                    pass
                open("late", "a").write("late\n")
        os._exit(0)
    print("parent", flush=True)
    os._exit(0)


def bomb():
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)


def crowd():
    """As many processes as there may be, which stay; the command gives up at the first refusal."""
    count = 0
    while True:
        try:
            child = os.fork()
        except OSError as e:
            print(e.strerror, "refused after", count, flush=True)
            os._exit(1)
        if child == 0:
            time.sleep(60)
        count += 1


def four_gigabytes():
    print(len(b"x" * (4 << 30)))


def memory():
    hog = []
    while True:
        hog.append(bytearray(16 << 20))


def family():
    """Nothing hostile: children that share their parent's memory."""
    kept = bytearray(b"x" * (32 << 20))
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            time.sleep(0.5)
            os._exit(len(kept) & 1)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    print("whole")


def shared_memory():
    """Pages that belong to no process and no file."""
    hog = []
    while True:
        hog.append(mmap.mmap(-1, 16 << 20))
        hog[-1].write(b"x" * (16 << 20))


def memory_of_init():
    """Eats memory that is nobody's heap, with the OOM score lowered as far as it goes."""
    attempt("oom", lambda: os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"500"))
    fds = []
    while True:
        fd = os.memfd_create("hog")
        os.write(fd, b"x" * (8 << 20))
        fds.append(fd)


def flood():
    block = b"x" * 65536
    while True:
        os.write(1, block)


def disk():
    with open("big", "wb") as f:
        while True:
            f.write(b"x" * 65536)


def names():
    for directory in (".git/hooks", "src/.GIT", "a/git~1", "b/.g\u200bit"):
        os.makedirs(directory)
        open(directory + "/evil", "w").write("x")
    os.symlink("/etc/passwd", "absolute")
    os.symlink("../../etc/passwd", "above")
    os.symlink("src", "d")
    os.symlink("d/../../etc", "through")
    os.symlink(".git/config", "togit")
    os.mkfifo("fifo")
    s = socket.socket(socket.AF_UNIX)
    s.bind("socket")
    attempt("whiteout", lambda: os.mknod("whiteout", 0o020600, 0))
    open(".wh.README.md", "w").write("x")
    open("Case", "w").write("1")
    open("case", "w").write("2")
    open("new\nline", "w").write("x")
    open("back\\slash", "w").write("x")
    open(b"not-utf8-\xff", "w").write("x")
    open(".gitmodules", "w").write('[submodule "x"]\n')
    open(".gitattributes", "w").write("* filter=evil\n")
    deep = "deep"
    os.mkdir(deep)
    os.chdir(deep)
    for _ in range(300):
        os.mkdir("d")
        os.chdir("d")
    open("bottom", "w").write("x")
    os.chdir("/workspace")
    open("honest", "w").write("honest\n")
    os.link("honest", "hard")
    os.chmod("honest", 0o4755)
    print("done")


globals()[sys.argv[1]]()
