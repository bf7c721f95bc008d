/*
 * Who is at the other end of a connection over the loopback, as far as /proc tells: evidence, never proof. A command may name itself
 * as it likes, hide among many descriptors or be gone already. Each look has an end by the processor time that it takes: by the clock,
 * one that waits for a processor would find nobody.
 */
#define _GNU_SOURCE
#include "init.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 32768, CLOCK_EVERY = 64 };

/* Calls for each whole line of a file, until one says that it is enough; false if none did or the time is up. */
static bool each_line(const char *path, int64_t until, bool (*take)(char *line, void *context), void *context) {
    static char text[CHUNK + 1];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool taken = false;
    size_t kept = 0;
    while (!taken && worked_ms() < until) {
        ssize_t size = read(file, text + kept, CHUNK - kept);
        if (size <= 0) break;
        text[kept + (size_t)size] = '\0';
        char *line = text;
        for (char *end; !taken && (end = strchr(line, '\n')); line = end + 1) {
            *end = '\0';
            taken = take(line, context);
        }
        kept = strlen(line);
        if (kept == CHUNK) break; /* no table has such lines */
        memmove(text, line, kept + 1);
    }
    close(file);
    return taken;
}

/* ---- the socket's inode ---- */

struct wanted {
    char local[16], remote[16]; /* the ends of both columns: IPv4 and its IPv6 form end alike */
    unsigned long inode;
};

static void column(char *to, uint32_t address, uint16_t port) {
    snprintf(to, 16, "%08X:%04X", address, port);
}

static bool ends_with(const char *text, const char *end) {
    size_t size = strlen(text), last = strlen(end);
    return size >= last && memcmp(text + size - last, end, last) == 0;
}

static bool is_socket(char *line, void *context) {
    struct wanted *wanted = context;
    char local[64], remote[64];
    if (sscanf(line, " %*s %63s %63s %*s %*s %*s %*s %*s %*s %lu", local, remote, &wanted->inode) != 3) return false;
    return wanted->inode != 0 && ends_with(local, wanted->local) && ends_with(remote, wanted->remote);
}

/* ---- the process that holds it ---- */

static bool holds(const char *pid, const char *socket, int64_t until, unsigned *looked) {
    char path[64], target[64];
    snprintf(path, sizeof path, "/proc/%.16s/fd", pid);
    DIR *directory = opendir(path);
    if (!directory) return false;
    bool found = false;
    for (struct dirent *entry; !found && (entry = readdir(directory));) {
        if (++*looked % CLOCK_EVERY == 0 && worked_ms() >= until) break;
        ssize_t size = readlinkat(dirfd(directory), entry->d_name, target, sizeof target - 1);
        if (size <= 0) continue;
        target[size] = '\0';
        found = strcmp(target, socket) == 0;
    }
    closedir(directory);
    return found;
}

static size_t read_some(const char *pid, const char *name, char *to, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%.16s/%s", pid, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, to, size);
    close(file);
    return count > 0 ? (size_t)count : 0;
}

static void describe(const char *pid, struct peer *peer) {
    peer->pid = (uint32_t)strtoul(pid, NULL, 10);
    peer->name_size = (uint8_t)read_some(pid, "comm", peer->name, sizeof peer->name);
    if (peer->name_size > 0 && peer->name[peer->name_size - 1] == '\n') peer->name_size--;
    peer->command_size = (uint16_t)read_some(pid, "cmdline", peer->command, sizeof peer->command);
    while (peer->command_size > 0 && peer->command[peer->command_size - 1] == '\0') peer->command_size--;
}

/* Addresses as they are on the wire, ports in the machine's order; own is ours. */
void peer_find(uint32_t address, uint16_t port, uint32_t own_address, uint16_t own_port, int64_t until, struct peer *peer) {
    memset(peer, 0, sizeof *peer);
    struct wanted wanted;
    column(wanted.local, address, port);
    column(wanted.remote, own_address, own_port);
    if (!each_line("/proc/net/tcp", until, is_socket, &wanted) && !each_line("/proc/net/tcp6", until, is_socket, &wanted)) return;
    char socket[64];
    snprintf(socket, sizeof socket, "socket:[%lu]", wanted.inode);
    DIR *processes = opendir("/proc");
    if (!processes) return;
    unsigned looked = 0;
    for (struct dirent *entry; worked_ms() < until && (entry = readdir(processes));) {
        if (!isdigit((unsigned char)*entry->d_name) || atoi(entry->d_name) == getpid()) continue;
        if (!holds(entry->d_name, socket, until, &looked)) continue;
        describe(entry->d_name, peer);
        break;
    }
    closedir(processes);
}

/* ---- attempts that met no network ---- */

struct counter {
    int column; /* of OutNoRoutes in the line of names */
    uint64_t value;
};

static bool no_routes(char *line, void *context) {
    struct counter *counter = context;
    if (strncmp(line, "Ip:", 3) != 0) return false;
    int column = 0;
    char *rest;
    for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest), column++) {
        if (strcmp(word, "OutNoRoutes") == 0) counter->column = column;
        if (counter->column == column && isdigit((unsigned char)*word)) {
            counter->value = strtoull(word, NULL, 10);
            return true;
        }
    }
    return false;
}

static bool no_routes_6(char *line, void *context) {
    struct counter *counter = context;
    if (strncmp(line, "Ip6OutNoRoutes", 14) != 0) return false;
    counter->value = strtoull(line + 14, NULL, 10);
    return true;
}

/* How often the kernel found no way to an address since the sandbox's network began; false where it does not count. */
bool peer_refusals(uint64_t *count) {
    int64_t until = worked_ms() + 20;
    struct counter four = {.column = -1}, six = {.column = -1};
    bool known = each_line("/proc/net/snmp", until, no_routes, &four);
    each_line("/proc/net/snmp6", until, no_routes_6, &six);
    *count = four.value + six.value;
    return known;
}
