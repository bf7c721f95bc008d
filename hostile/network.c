/* A sandbox without a network: nothing is reached, and no odd family is a way around. */
#define _GNU_SOURCE
#include "hostile.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAIT_MS = 1500 };

static bool nowhere(int error) {
    return error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL || error == ENETDOWN || error == EPERM || error == EACCES ||
           error == EAFNOSUPPORT || error == EPROTONOSUPPORT || error == ESOCKTNOSUPPORT || error == EINVAL;
}

/* 0 and an answer, or an answer of "refused", both mean that somebody was reached. */
static void try_connect(const char *where, int type, const struct sockaddr *address, socklen_t size) {
    int handle = socket(address->sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (handle < 0) {
        call(where, -1);
        return;
    }
    int error = connect(handle, address, size) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        struct pollfd event = {.fd = handle, .events = POLLOUT};
        socklen_t length = sizeof error;
        if (poll(&event, 1, WAIT_MS) == 1)
            getsockopt(handle, SOL_SOCKET, SO_ERROR, &error, &length);
        else
            error = ETIMEDOUT; /* packets left */
    }
    if (error == 0 && type == SOCK_DGRAM) error = send(handle, "hostile", 7, 0) == 7 ? 0 : errno;
    if (nowhere(error)) {
        errno = error;
        refused_with(where, -1, error);
    } else {
        through("%s: %s", where, error == 0 ? "packets left" : strerror(error));
    }
    close(handle);
}

static void try_ipv4(const char *where, const char *host, uint16_t port, int type) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    try_connect(where, type, (struct sockaddr *)&address, sizeof address);
}

static void try_ipv6(const char *where, const char *host, uint16_t port, int type) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    inet_pton(AF_INET6, host, &address.sin6_addr);
    try_connect(where, type, (struct sockaddr *)&address, sizeof address);
}

static enum verdict metadata(void) {
    try_ipv4("169.254.169.254", "169.254.169.254", 80, SOCK_STREAM);
    try_ipv4("169.254.170.2", "169.254.170.2", 80, SOCK_STREAM);
    try_ipv6("fd00:ec2::254", "fd00:ec2::254", 80, SOCK_STREAM);
    return judge();
}

static enum verdict dns(void) {
    try_ipv4("a name server by UDP", "8.8.8.8", 53, SOCK_DGRAM);
    try_ipv4("a name server by TCP", "8.8.8.8", 53, SOCK_STREAM);
    return judge();
}

/* Docker's own resolver listens there in networks that users make. */
static enum verdict dns_embedded(void) {
    int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (handle < 0) return contained("no socket: %s", strerror(errno));
    static const char query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"
                                "example\x03"
                                "com\x00\x00\x01\x00\x01";
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(53)};
    inet_pton(AF_INET, "127.0.0.11", &server.sin_addr);
    struct pollfd event = {.fd = handle, .events = POLLIN};
    char answer[512];
    if (connect(handle, (struct sockaddr *)&server, sizeof server) != 0 || send(handle, query, sizeof query - 1, 0) < 0) return contained("%s", strerror(errno));
    if (poll(&event, 1, 500) == 1 && recv(handle, answer, sizeof answer, 0) > 0) return breached("a resolver answers at 127.0.0.11");
    return contained("nobody answers");
}

static enum verdict gateway(void) {
    try_ipv4("172.17.0.1", "172.17.0.1", 22, SOCK_STREAM);
    try_ipv4("172.17.0.1 (docker)", "172.17.0.1", 2375, SOCK_STREAM);
    try_ipv4("10.0.2.2", "10.0.2.2", 80, SOCK_STREAM);
    try_ipv4("10.88.0.1", "10.88.0.1", 80, SOCK_STREAM);
    return judge();
}

static enum verdict lan(void) {
    try_ipv4("192.168.0.1", "192.168.0.1", 80, SOCK_STREAM);
    try_ipv4("192.168.1.1", "192.168.1.1", 443, SOCK_STREAM);
    try_ipv4("10.0.0.1", "10.0.0.1", 443, SOCK_STREAM);
    try_ipv4("multicast", "224.0.0.251", 5353, SOCK_DGRAM);
    return judge();
}

static enum verdict ipv6(void) {
    try_ipv6("an address of the world", "2001:4860:4860::8888", 53, SOCK_STREAM);
    try_ipv6("all nodes here", "ff02::1", 9, SOCK_DGRAM);
    try_ipv6("an address of IPv4", "::ffff:8.8.8.8", 53, SOCK_STREAM);
    return judge();
}

/* Whoever shares the host's network finds something that listens. */
static enum verdict loopback(void) {
    int reached = 0, last = 0;
    for (int port = 1; port < 65536; port++) {
        int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (handle < 0) return contained("no socket: %s", strerror(errno));
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        if (connect(handle, (struct sockaddr *)&address, sizeof address) == 0) {
            struct sockaddr_in own;
            socklen_t size = sizeof own;
            /* A socket that happens to have drawn the port it calls has connected to itself. */
            if (getsockname(handle, (struct sockaddr *)&own, &size) == 0 && own.sin_port != address.sin_port) reached++, last = port;
        }
        close(handle);
    }
    return reached > 0 ? breached("%d ports of the loopback answer, the last is %d", reached, last) : contained("no port of the loopback answers");
}

static enum verdict interfaces(void) {
    char text[4096];
    if (slurp("/proc/net/dev", text, sizeof text) <= 0) return unsupported("no /proc/net/dev");
    int line_number = 0;
    static const char *const idle[] = {"lo", "sit0", "tunl0", "ip6tnl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6gre0", "teql0"};
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char name[64];
        if (line_number++ < 2 || sscanf(line, " %63[^:]:", name) != 1) continue;
        bool known = false;
        for (size_t i = 0; i < sizeof idle / sizeof *idle; i++) known |= strcmp(name, idle[i]) == 0;
        if (!known) through("there is an interface %s", name);
    }
    if (slurp("/proc/net/route", text, sizeof text) > 0 && strchr(text, '\n') && strlen(strchr(text, '\n')) > 10) through("there is a route");
    return judge();
}

/* ---- families ---- */

static void try_socket(const char *name, int family, int type, int protocol) {
    int handle = socket(family, type | SOCK_CLOEXEC, protocol);
    refused_with(name, handle, EAFNOSUPPORT);
    if (handle >= 0) close(handle);
}

static enum verdict raw_sockets(void) {
    try_socket("raw ICMP", AF_INET, SOCK_RAW, IPPROTO_ICMP);
    try_socket("raw IP", AF_INET, SOCK_RAW, IPPROTO_RAW);
    try_socket("raw ICMPv6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
    return judge();
}

static enum verdict ping_sockets(void) {
    try_socket("ICMP", AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    try_socket("ICMPv6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6);
    return judge();
}

static enum verdict packet_sockets(void) {
    try_socket("raw packets", AF_PACKET, SOCK_RAW, 0x0300);
    try_socket("packets", AF_PACKET, SOCK_DGRAM, 0x0300);
    try_socket("old packets", AF_INET, 10 /* SOCK_PACKET */, 0x0300);
    return judge();
}

static enum verdict vsock(void) {
    try_socket("streams to the hypervisor", AF_VSOCK, SOCK_STREAM, 0);
    try_socket("datagrams to the hypervisor", AF_VSOCK, SOCK_DGRAM, 0);
    return judge();
}

static enum verdict crypto(void) {
    try_socket("AF_ALG", AF_ALG, SOCK_SEQPACKET, 0);
    return judge();
}

static enum verdict netlink(void) {
    static const int protocols[] = {0 /* route */, 4 /* socket diagnosis */, 6 /* transformation */, 9 /* audit */, 12 /* netfilter */, 15 /* events */, 16 /* generic */};
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        char name[32];
        snprintf(name, sizeof name, "netlink %d", protocols[i]);
        try_socket(name, AF_NETLINK, SOCK_RAW, protocols[i]);
    }
    return judge();
}

static enum verdict bluetooth(void) {
    for (int protocol = 0; protocol < 8; protocol++) try_socket("bluetooth", 31, SOCK_RAW, protocol);
    return judge();
}

static enum verdict odd_protocols(void) {
    try_socket("MPTCP", AF_INET, SOCK_STREAM, 262);
    try_socket("UDP-Lite", AF_INET, SOCK_DGRAM, 136);
    try_socket("SCTP", AF_INET, SOCK_STREAM, 132);
    try_socket("DCCP", AF_INET, 6 /* SOCK_DCCP */, 33);
    try_socket("L2TP", AF_INET, SOCK_DGRAM, 115);
    return judge();
}

static enum verdict odd_families(void) {
    static const struct { const char *name; int family, type; } families[] = {
        {"AX.25", 3, SOCK_SEQPACKET}, {"IPX", 4, SOCK_DGRAM},   {"AppleTalk", 5, SOCK_DGRAM}, {"X.25", 9, SOCK_SEQPACKET}, {"keys", 15, SOCK_RAW},
        {"RDS", 21, SOCK_SEQPACKET},  {"PPPoX", 24, SOCK_STREAM}, {"LLC", 26, SOCK_STREAM},   {"CAN", 29, SOCK_RAW},       {"TIPC", 30, SOCK_SEQPACKET},
        {"RxRPC", 33, SOCK_DGRAM},    {"phone", 35, SOCK_DGRAM},  {"NFC", 39, SOCK_SEQPACKET}, {"KCM", 41, SOCK_DGRAM},    {"QIPCRTR", 42, SOCK_DGRAM},
        {"SMC", 43, SOCK_STREAM},     {"XDP", 44, SOCK_RAW},      {"MCTP", 45, SOCK_DGRAM},
    };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) try_socket(families[i].name, families[i].family, families[i].type, 0);
    return judge();
}

static enum verdict abstract_sockets(void) {
    static const char *const names[] = {"/tmp/.X11-unix/X0", "/containerd-shim", "/org/kernel/linux/storage/multipathd", "/com/ubuntu/upstart",
                                        "dbus", "/var/run/docker.sock"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        memcpy(address.sun_path + 1, names[i], strlen(names[i]));
        int handle = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (handle < 0) return unsupported("no unix sockets");
        refused_with(names[i], connect(handle, (struct sockaddr *)&address, (socklen_t)(sizeof(sa_family_t) + 1 + strlen(names[i]))), ECONNREFUSED);
        close(handle);
    }
    char text[65536];
    if (slurp("/proc/net/unix", text, sizeof text) > 0 && strstr(text, "@")) through("names of the host are listed");
    return judge();
}

/*
 * For the control run: the addresses that the cases call, on the loopback of a network of its own. So it is seen that a case notices
 * when it gets through, and no packet leaves the machine.
 */
int answer_on_loopback(void) {
    static const char *const hosts[] = {"169.254.169.254", "8.8.8.8", "172.17.0.1", "192.168.1.1"};
    int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct ifreq request = {0};
        struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;
        snprintf(request.ifr_name, sizeof request.ifr_name, "lo:%zu", i + 1);
        address->sin_family = AF_INET;
        inet_pton(AF_INET, hosts[i], &address->sin_addr);
        if (ioctl(handle, SIOCSIFADDR, &request) != 0) return -1;
        inet_pton(AF_INET, "255.255.255.255", &address->sin_addr);
        if (ioctl(handle, SIOCSIFNETMASK, &request) != 0) return -1;
    }
    close(handle);
    struct { /* in6_ifreq, whose header does not go together with the others */
        struct in6_addr address;
        uint32_t prefix;
        int interface;
    } request = {.prefix = 128, .interface = 1};
    inet_pton(AF_INET6, "2001:4860:4860::8888", &request.address);
    handle = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (handle >= 0) {
        if (ioctl(handle, SIOCSIFADDR, &request) != 0) { /* no IPv6 here: the other addresses are enough */ }
        close(handle);
    }
    return 0;
}

static const struct hostile_case cases[] = {
    {"metadata", "asks the cloud's metadata services", "unreachable", metadata, {0}, true},
    {"dns", "asks a name server by UDP and TCP", "unreachable", dns, {0}, true},
    {"dns-embedded", "asks docker's own name server", "nobody answers", dns_embedded, {0}, true, PLAIN_EMPTY},
    {"gateway", "calls the host by its bridge", "unreachable", gateway, {0}, true},
    {"lan", "calls the local network", "unreachable", lan, {0}, true},
    {"ipv6", "the same by IPv6", "unreachable", ipv6, {0}, true},
    {"loopback", "calls every port of its loopback", "nobody listens", loopback, {0}, false, PLAIN_EMPTY},
    {"interfaces", "looks for interfaces and routes", "the loopback alone", interfaces, {0}, true},
    {"raw", "makes raw sockets", "refused", raw_sockets, {0}, true},
    {"icmp", "makes sockets for echo requests", "refused", ping_sockets, {0}, true},
    {"packet", "makes packet sockets", "refused", packet_sockets, {0}, true},
    {"vsock", "calls the hypervisor", "refused", vsock, {0}, true},
    {"alg", "uses the kernel's ciphers by sockets", "refused", crypto, {0}, true, PLAIN_FILTER},
    {"netlink", "asks the kernel by netlink", "refused", netlink, {0}, true},
    {"bluetooth", "makes bluetooth sockets", "refused", bluetooth, {0}, true, PLAIN_FILTER},
    {"protocols", "MPTCP, UDP-Lite, SCTP, DCCP, L2TP", "refused", odd_protocols, {0}, true},
    {"families", "eighteen families more", "refused", odd_families, {0}, true},
    {"abstract", "looks for unix sockets without a file", "there are none", abstract_sockets, {0}, true, PLAIN_EMPTY},
};
GROUP(network_group, "network", "a sandbox without a network reaches nothing", cases);
