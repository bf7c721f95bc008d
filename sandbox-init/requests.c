/* What each request means: one lease, one newest epoch, and the answers. Every handler sends exactly one reply, now or later. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { WAITING_MAX = 16, WAIT_MAX_MS = 60000, LISTED_MAX = 256, COLLECT_MIN = 16384, PATTERNS_MAX = 256, PATTERNS_SIZE = 8192 };
#define OUTPUT_CAP_DEFAULT (64ull << 20)
#define OUTPUT_CAP_MAX (4ull << 30)

static const struct bytes NONE = {NULL, 0};

static struct {
    bool taken;
    uint8_t token[TOKEN_MAX];
    size_t token_size;
    uint8_t digest[DIGEST_SIZE];
    uint8_t key[KEY_SIZE];
    bool has_key;
    int64_t deadline;
    uint64_t output_cap;
} lease;

static struct waiting { /* a READ that waits for bytes */
    bool open;
    struct address to;
    const struct command *command;
    uint64_t offset;
    uint32_t max;
    int64_t until;
} waiting[WAITING_MAX];

static uint32_t epoch;
static char boot_id[BOOT_ID_SIZE];
static size_t boot_id_size;
static struct address release_to;
static bool released;

static void hello(struct reader *in, const struct address *to, int64_t now);
static void take_lease(struct reader *in, const struct address *to, int64_t now);
static void extend(struct reader *in, const struct address *to, int64_t now);
static void put(struct reader *in, const struct address *to, int64_t now);
static void run(struct reader *in, const struct address *to, int64_t now);
static void state(struct reader *in, const struct address *to, int64_t now);
static void read_output(struct reader *in, const struct address *to, int64_t now);
static void stop(struct reader *in, const struct address *to, int64_t now);
static void collect(struct reader *in, const struct address *to, int64_t now);
static void next(struct reader *in, const struct address *to, int64_t now);
static void release(struct reader *in, const struct address *to, int64_t now);

struct handler {
    void (*handle)(struct reader *, const struct address *, int64_t);
    bool leased;
};

static const struct handler HANDLERS[TYPE_END] = {
    [HELLO] = {hello, false}, [LEASE] = {take_lease, false}, [EXTEND] = {extend, true}, [PUT] = {put, true},
    [RUN] = {run, true}, [STATE] = {state, true}, [READ] = {read_output, true}, [KILL] = {stop, true},
    [COLLECT] = {collect, true}, [NEXT] = {next, true}, [RELEASE] = {release, false},
};

static const struct handler TUNNEL_HANDLERS[TUNNEL_TYPE_END - PROXY] = {
    {tunnel_proxy, true}, {tunnel_next, true}, {tunnel_send, true}, {tunnel_close, true},
};

static const struct handler *handler_of(uint8_t type) {
    if (type >= PROXY && type < TUNNEL_TYPE_END) return &TUNNEL_HANDLERS[type - PROXY];
    return type < TYPE_END && HANDLERS[type].handle ? &HANDLERS[type] : NULL;
}

/* What the creator said, else what the kernel says; gVisor says nothing, and then there is nothing to compare with. */
bool requests_start(const char *creators_boot_id) {
    if (creators_boot_id) {
        if (strlen(creators_boot_id) != BOOT_ID_SIZE) return false;
        memcpy(boot_id, creators_boot_id, BOOT_ID_SIZE);
        boot_id_size = BOOT_ID_SIZE;
        return true;
    }
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (file < 0) return true;
    if (read(file, boot_id, BOOT_ID_SIZE) == BOOT_ID_SIZE) boot_id_size = BOOT_ID_SIZE;
    close(file);
    return true;
}

uint32_t requests_epoch(void) { return epoch; }
const uint8_t *lease_key(void) { return lease.has_key ? lease.key : NULL; }
int64_t lease_deadline(void) { return lease.taken ? lease.deadline : 0; }
bool release_asked(void) { return released; }

static void raise_epoch(uint32_t to) {
    epoch = to;
    collect_drop();
    tunnels_fence();
    for (size_t i = 0; i < WAITING_MAX; i++) {
        if (waiting[i].open) reply_error(&waiting[i].to, FENCED, 0, NONE, "a newer client took over");
        waiting[i].open = false;
    }
}

static bool has_good_mac(const struct frame *frame) {
    uint8_t mac[MAC_SIZE];
    if (!lease.has_key || frame->length < 8 + MAC_SIZE) return false;
    size_t size = frame->length - MAC_SIZE;
    mac_of(lease.key, frame->payload - HEADER_SIZE, frame->payload, size, mac);
    return mac_equal(mac, frame->payload + size, MAC_SIZE);
}

void request_handle(const struct frame *frame, int64_t now) {
    bool authentic = frame->flags & AUTHENTIC && has_good_mac(frame);
    struct reader in = {frame->payload, frame->payload + frame->length - (authentic ? MAC_SIZE : 0), false};
    struct address to = {frame->type | REPLY, authentic ? AUTHENTIC : 0, frame->epoch, frame->stream, read_u64(&in)};
    if (in.bad || released || frame->type & REPLY) return; /* no id to answer to; or a reply that came back to us */
    const struct handler *handler = handler_of(frame->type);
    bool open = frame->type == HELLO || frame->type == LEASE;
    if (!authentic && (frame->flags & AUTHENTIC || (lease.has_key && !open))) {
        reply_error(&to, NOT_AUTHENTIC, 0, NONE, "the lease has a key and this frame no good MAC, or the other way round");
        return;
    }
    if (!handler) {
        reply_error(&to, UNKNOWN_TYPE, 0, NONE, "this sandbox-init does not know the request type");
        return;
    }
    if (frame->epoch > epoch && (authentic || !lease.has_key)) raise_epoch(frame->epoch);
    if (frame->epoch < epoch && frame->type != HELLO)
        reply_error(&to, FENCED, 0, NONE, "a newer client took over");
    else if (handler->leased && !lease.taken)
        reply_error(&to, NOT_LEASED, 0, NONE, "needs a lease first");
    else
        handler->handle(&in, &to, now);
}

static void bad_request(const struct address *to, const char *message) {
    reply_error(to, BAD_REQUEST, 0, NONE, message);
}

static bool is_duration(uint64_t milliseconds) {
    return milliseconds >= 1 && milliseconds <= DURATION_MAX_MS;
}

static bool is_token(struct bytes token) {
    return token.size >= 1 && token.size <= TOKEN_MAX;
}

static bool is_lease_token(struct bytes token) {
    return token.size == lease.token_size && (token.size == 0 || memcmp(token.at, lease.token, token.size) == 0);
}

/* An authentic repetition needs no key in it; it must not be shown again once a command runs. */
static bool is_lease_key(const struct address *to, struct bytes key) {
    if (key.size == 0) return !lease.has_key || to->flags & AUTHENTIC;
    return lease.has_key && mac_equal(key.at, lease.key, KEY_SIZE);
}

/* ---- hello and the lease ---- */

static uint8_t lease_state(int64_t now) {
    return !lease.taken ? 0 : now < lease.deadline ? 1 : 2;
}

static void hello(struct reader *in, const struct address *to, int64_t now) {
    (void)in;
    reply_begin(to);
    write_number(PROTOCOL, 2);
    write_str8(INIT_VERSION, strlen(INIT_VERSION));
    write_number(lease_state(now), 1);
    write_number((getpid() == 1 ? 1 : 0) | (filter_supported() ? 2 : 0) | (lease.has_key ? 4 : 0), 1);
    write_number(epoch, 4);
    write_str8(boot_id, boot_id_size);
    write_number(PAYLOAD_MAX, 4);
    write_str8(lease.token, lease.token_size);
    write_bytes(lease.digest, DIGEST_SIZE);
    write_number(lease.taken ? (uint64_t)(lease.deadline - now) : 0, 8);
    write_number(lease.output_cap, 8);
    size_t kept = commands_count(), first = kept > LISTED_MAX ? kept - LISTED_MAX : 0;
    write_number(commands_total(), 4);
    write_number(kept - first, 2);
    for (size_t i = first; i < kept; i++) {
        const struct command *command = command_at(i);
        write_str8(command->token, command->token_size);
        write_number(command->state, 1);
        write_number(command->state == STATE_ENDED ? command->cause : CAUSE_NONE, 1);
        write_number(command->state == STATE_ENDED ? (uint32_t)command->code : 0, 4);
    }
    reply_end();
}

static void answer_lease(const struct address *to, bool again, int64_t now) {
    struct address address = *to;
    if (lease.has_key) address.flags = AUTHENTIC; /* it knew the key */
    reply_begin(&address);
    write_number(again, 1);
    write_number((uint64_t)(lease.deadline - now), 8);
    reply_end();
}

static void take_lease(struct reader *in, const struct address *to, int64_t now) {
    struct bytes token = read_str8(in), digest = read_bytes(in, DIGEST_SIZE), boot = read_str8(in);
    uint64_t remaining = read_u64(in), cap = read_u64(in);
    struct bytes key = in->at < in->end ? read_str8(in) : NONE;
    if (in->bad || !is_token(token) || !is_duration(remaining) || cap > OUTPUT_CAP_MAX || (key.size != 0 && key.size != KEY_SIZE)) {
        bad_request(to, "LEASE: token, duration, cap or key out of range");
    } else if (boot.size != BOOT_ID_SIZE || (boot_id_size > 0 && memcmp(boot.at, boot_id, BOOT_ID_SIZE) != 0)) {
        reply_error(to, WRONG_BOOT, 0, NONE, "the boot id is not the creator's");
    } else if (!lease.taken) {
        lease.taken = true;
        lease.token_size = token.size;
        memcpy(lease.token, token.at, token.size);
        memcpy(lease.digest, digest.at, DIGEST_SIZE);
        lease.deadline = now + (int64_t)remaining;
        lease.output_cap = cap == 0 ? OUTPUT_CAP_DEFAULT : cap;
        lease.has_key = key.size > 0;
        if (lease.has_key) memcpy(lease.key, key.at, KEY_SIZE);
        answer_lease(to, false, now);
    } else if (is_lease_token(token) && memcmp(digest.at, lease.digest, DIGEST_SIZE) == 0 && is_lease_key(to, key)) {
        answer_lease(to, true, now);
    } else {
        reply_error(to, REFUSED, 0, NONE, "leased already, to another token or specification");
    }
}

static void extend(struct reader *in, const struct address *to, int64_t now) {
    struct bytes token = read_str8(in);
    uint64_t remaining = read_u64(in);
    if (in->bad || !is_duration(remaining)) {
        bad_request(to, "EXTEND: duration out of range");
    } else if (!is_lease_token(token)) {
        reply_error(to, REFUSED, 0, NONE, "not the lease's token");
    } else {
        lease.deadline = now + (int64_t)remaining;
        reply_begin(to);
        write_number(remaining, 8);
        reply_end();
    }
}

/* ---- files in ---- */

struct entry {
    uint8_t kind, flags;
    struct bytes path, data;
    uint64_t offset, size;
};

static struct entry read_entry(struct reader *in) {
    struct entry entry = {.kind = read_u8(in), .flags = read_u8(in), .path = read_str16(in)};
    entry.offset = read_u64(in);
    entry.size = read_u64(in);
    entry.data = read_bytes(in, read_u32(in));
    return entry;
}

static bool entry_makes_sense(const struct entry *entry) {
    const uint64_t most = 1ull << 62;
    switch (entry->kind) {
    case 1: return entry->offset == 0 && entry->size == 0 && entry->data.size == 0;
    case 2:
        return entry->offset < most && entry->size < most && entry->offset + entry->data.size <= entry->size &&
               (entry->data.size > 0 || entry->size == 0);
    case 3: return entry->offset == 0 && entry->size == entry->data.size && entry->size >= 1 && entry->size <= 4095;
    default: return false;
    }
}

static void put(struct reader *in, const struct address *to, int64_t now) {
    uint8_t root = read_u8(in);
    uint32_t done = 0;
    if (root > 1 || in->bad) {
        bad_request(to, "PUT: no such root");
        return;
    }
    if (now >= lease.deadline) {
        reply_error(to, EXPIRED, 0, NONE, "the lease's deadline has passed");
        return;
    }
    if (root == 0) collect_drop();
    for (; in->at < in->end; done++) {
        struct entry entry = read_entry(in);
        if (in->bad || !entry_makes_sense(&entry)) {
            bad_request(to, "PUT: an entry does not parse or contradicts itself");
            return;
        }
        if (!path_is_good(entry.path)) {
            struct bytes cut = {entry.path.at, entry.path.size < 1024 ? entry.path.size : 1024};
            reply_error(to, BAD_PATH, 0, cut, "a path is relative, without . and .., and not too long");
            return;
        }
        int directory = root == 0 ? workspace_directory : input_directory;
        int error = put_entry(directory, entry.kind, entry.flags & 1, entry.path, entry.offset, entry.data);
        if (error != 0) {
            reply_error(to, IO, error, entry.path, strerror(error));
            return;
        }
    }
    reply_begin(to);
    write_number(done, 4);
    reply_end();
}

/* ---- commands ---- */

static void write_status(const struct address *to, const struct command *command, int64_t now) {
    static const struct command unknown = {.state = STATE_UNKNOWN};
    if (!command) command = &unknown;
    bool ended = command->state == STATE_ENDED;
    reply_begin(to);
    write_number(command->state, 1);
    write_number(ended ? command->cause : CAUSE_NONE, 1);
    write_number(ended ? (uint32_t)command->code : 0, 4);
    write_number(command->flags, 1);
    write_number(ended ? command->suspects : 0, 1);
    write_number(ended ? command->suspects_known : 0, 1);
    write_number(command->output_bytes, 8);
    write_number(command->state == STATE_RUNNING ? (uint64_t)(now - command->started) : command->wall_ms, 8);
    write_number(ended ? command->cpu_ms : 0, 8);
    write_number(ended ? command->max_rss_kib : 0, 8);
    reply_end();
}

/* Copies the strings of a RUN with their NULs into one buffer; NULL when one contains a NUL or there are too many. */
static struct {
    char text[PAYLOAD_MAX + 2 * ARGUMENTS_MAX];
    size_t used;
    char *pointers[2 * ARGUMENTS_MAX];
} strings;

static char *keep_string(struct bytes string) {
    if (string.size > 0 && memchr(string.at, 0, string.size)) return NULL;
    if (strings.used + string.size + 1 > sizeof strings.text) return NULL;
    char *copy = strings.text + strings.used;
    if (string.size > 0) memcpy(copy, string.at, string.size);
    copy[string.size] = '\0';
    strings.used += string.size + 1;
    return copy;
}

static char **keep_strings(struct reader *in, char **pointers, size_t least) {
    size_t count = read_u16(in);
    if (count < least || count >= ARGUMENTS_MAX) return NULL;
    for (size_t i = 0; i < count; i++) {
        pointers[i] = keep_string(read_str16(in));
        if (!pointers[i] || in->bad) return NULL;
    }
    pointers[count] = NULL;
    return pointers;
}

static void run(struct reader *in, const struct address *to, int64_t now) {
    struct bytes token = read_str8(in);
    uint64_t timeout = read_u64(in);
    strings.used = 0;
    struct launch launch = {.directory = keep_string(read_str16(in))};
    launch.arguments = keep_strings(in, strings.pointers, 1);
    launch.environment = launch.arguments ? keep_strings(in, strings.pointers + ARGUMENTS_MAX, 0) : NULL;
    if (in->bad || !is_token(token) || !is_duration(timeout) || !launch.directory || !launch.environment) {
        bad_request(to, "RUN: token, time-out or strings out of range");
        return;
    }
    if (!command_find(token)) {
        if (now >= lease.deadline) {
            reply_error(to, EXPIRED, 0, NONE, "the lease's deadline has passed");
            return;
        }
        enum error error = command_run(token, &launch, timeout, lease.output_cap, now);
        if (error != 0) {
            reply_error(to, error, 0, NONE,
                        error == BUSY ? "another command runs"
                        : error == GONE ? "a command of this number was run, and is forgotten"
                                        : "too many commands in this sandbox");
            return;
        }
        collect_drop();
    }
    write_status(to, command_find(token), now);
}

static void state(struct reader *in, const struct address *to, int64_t now) {
    struct bytes token = read_str8(in);
    if (in->bad || !is_token(token))
        bad_request(to, "STATE: no token");
    else if (command_forgotten(token))
        reply_error(to, GONE, 0, NONE, "a command of this number was run, and is forgotten");
    else
        write_status(to, command_find(token), now);
}

static void stop(struct reader *in, const struct address *to, int64_t now) {
    struct bytes token = read_str8(in);
    struct command *command = in->bad || !is_token(token) ? NULL : command_find(token);
    if (!command) {
        reply_error(to, NOT_FOUND, 0, NONE, "no such command");
        return;
    }
    if (command->state == STATE_RUNNING) command_stop(CAUSE_KILLED);
    write_status(to, command, now);
}

/* ---- output ---- */

static void answer_read(const struct waiting *asked) {
    const struct command *command = asked->command;
    if (command->flags & FLAG_DISCARDED) {
        reply_error(&asked->to, GONE, 0, NONE, "the output was discarded for a later command's");
        return;
    }
    uint64_t left = asked->offset < command->output_bytes ? command->output_bytes - asked->offset : 0;
    size_t count = asked->max < DATA_MAX ? asked->max : DATA_MAX;
    if (count > left) count = (size_t)left;
    reply_begin(&asked->to);
    write_number(asked->offset, 8);
    write_number(command->output_bytes, 8);
    write_number(command->state, 1);
    write_number(count, 4);
    uint8_t *at = write_space(count);
    size_t done = 0;
    while (done < count) {
        ssize_t size = pread(command->output, at + done, count - done, (off_t)(asked->offset + done));
        if (size <= 0) break;
        done += (size_t)size;
    }
    if (done == count)
        reply_end();
    else
        reply_error(&asked->to, IO, errno, NONE, "the kept output cannot be read");
}

static bool is_ready(const struct waiting *asked, int64_t now) {
    const struct command *command = asked->command;
    return command->state == STATE_ENDED || now >= asked->until || (asked->max > 0 && command->output_bytes > asked->offset);
}

static void read_output(struct reader *in, const struct address *to, int64_t now) {
    struct bytes token = read_str8(in);
    struct waiting asked = {.open = true, .to = *to, .offset = read_u64(in), .max = read_u32(in)};
    uint32_t wait = read_u32(in);
    asked.command = in->bad || !is_token(token) ? NULL : command_find(token);
    if (in->bad) {
        bad_request(to, "READ: does not parse");
        return;
    }
    if (!asked.command) {
        reply_error(to, NOT_FOUND, 0, NONE, "no such command");
        return;
    }
    asked.until = now + (wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS);
    size_t slot = 0;
    while (slot < WAITING_MAX && waiting[slot].open) slot++;
    if (slot == WAITING_MAX || is_ready(&asked, now))
        answer_read(&asked);
    else
        waiting[slot] = asked;
}

void requests_forget(const struct command *command) {
    for (size_t i = 0; i < WAITING_MAX; i++)
        if (waiting[i].command == command) waiting[i].open = false;
}

void requests_answer_waiting(int64_t now) {
    for (size_t i = 0; i < WAITING_MAX; i++)
        if (waiting[i].open && is_ready(&waiting[i], now) && output_has_room()) {
            waiting[i].open = false;
            answer_read(&waiting[i]);
        }
}

int64_t requests_wake_at(void) {
    int64_t at = 0;
    for (size_t i = 0; i < WAITING_MAX && output_has_room(); i++)
        if (waiting[i].open) at = earlier(at, waiting[i].until);
    return at;
}

/* ---- files out ---- */

static void collect(struct reader *in, const struct address *to, int64_t now) {
    (void)now;
    static struct bytes patterns[PATTERNS_MAX];
    uint32_t id = read_u32(in);
    struct collect_caps caps = {.bytes = read_u64(in)};
    caps.entries = read_u32(in);
    caps.visited = read_u32(in);
    caps.depth = read_u16(in);
    caps.name = read_u16(in);
    caps.path = read_u16(in);
    size_t count = read_u16(in), size = 0;
    bool good = !in->bad && caps.depth >= 1 && caps.depth <= 64 && caps.name >= 1 && caps.name <= 255 && caps.path >= 1 &&
                caps.path <= 4096 && caps.bytes < 1ull << 62 && count <= PATTERNS_MAX;
    for (size_t i = 0; good && i < count; i++) {
        patterns[i] = read_str16(in);
        size += patterns[i].size;
        good = !in->bad && patterns[i].size > 0 && size <= PATTERNS_SIZE && !memchr(patterns[i].at, 0, patterns[i].size);
    }
    if (!good) {
        bad_request(to, "COLLECT: caps or patterns out of range");
    } else if (command_running()) {
        reply_error(to, BUSY, 0, NONE, "a command runs, or what it left is being killed");
    } else if (!collect_begin(id, &caps, patterns, count)) {
        bad_request(to, "COLLECT: patterns too long");
    } else {
        reply_begin(to);
        write_number(id, 4);
        reply_end();
    }
}

static void next(struct reader *in, const struct address *to, int64_t now) {
    (void)now;
    uint32_t id = read_u32(in), sequence = read_u32(in), max = read_u32(in);
    struct bytes records;
    if (in->bad || max < COLLECT_MIN) {
        bad_request(to, "NEXT: does not parse, or max below 16384");
    } else if (command_running()) {
        reply_error(to, BUSY, 0, NONE, "a command runs, or what it left is being killed");
    } else if (!collect_exists(id)) {
        reply_error(to, NOT_FOUND, 0, NONE, "no such collection; it may have been dropped");
    } else if (!collect_next(sequence, max, &records)) {
        reply_error(to, SEQUENCE, 0, NONE, "neither the last sequence nor the one after it");
    } else {
        reply_begin(to);
        write_number(id, 4);
        write_number(sequence, 4);
        write_bytes(records.at, records.size);
        reply_end();
    }
}

/* ---- the end ---- */

static void release(struct reader *in, const struct address *to, int64_t now) {
    (void)now;
    struct bytes token = read_str8(in);
    if (in->bad) {
        bad_request(to, "RELEASE: no token");
    } else if (!is_lease_token(token)) {
        reply_error(to, REFUSED, 0, NONE, "not the lease's token");
    } else {
        released = true; /* main kills everything, then has release_answer sent, then exits */
        release_to = *to;
    }
}

void release_answer(void) {
    if (!output_has_room()) return;
    reply_begin(&release_to);
    reply_end();
}
