/* sandbox-init: process 1 of a sandbox. What the files share; the wire is described in PROTOCOL.md. */
#ifndef SANDBOX_INIT_H
#define SANDBOX_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define INIT_VERSION "0.1.0"

enum { PROTOCOL = 1, HEADER_SIZE = 24, PAYLOAD_MAX = 65536, FRAME_MAX = HEADER_SIZE + PAYLOAD_MAX };
enum { TOKEN_MAX = 64, DIGEST_SIZE = 32, BOOT_ID_SIZE = 36, DATA_MAX = 65000, KEY_SIZE = 32, MAC_SIZE = 16 };
enum { AUTHENTIC = 1 }; /* a frame's flag: the payload ends in a MAC */
#define DURATION_MAX_MS (30ull * 24 * 3600 * 1000)

enum type {
    HELLO = 1, LEASE, EXTEND, PUT, RUN, STATE, READ, KILL, COLLECT, NEXT, RELEASE, TYPE_END,
    PROXY = 0x40, TUNNELS, SEND, CLOSE, TUNNEL_TYPE_END,
    REPLY = 0x80, ERROR = 0xFF,
};

enum error {
    BAD_REQUEST = 1, UNKNOWN_TYPE, FENCED, NOT_LEASED, REFUSED, BUSY, NOT_FOUND, GONE,
    IO, BAD_PATH, EXPIRED, WRONG_BOOT, TOO_MANY, SEQUENCE, NOT_AUTHENTIC,
};

struct bytes {
    const uint8_t *at;
    size_t size;
};

/* frame.c: payload parsing. A read past the end sets bad and gives zeros, so a handler checks once at the end. */
struct reader {
    const uint8_t *at, *end;
    bool bad;
};
uint64_t read_number(struct reader *reader, int size);
struct bytes read_bytes(struct reader *reader, size_t size);
static inline uint8_t read_u8(struct reader *reader) { return (uint8_t)read_number(reader, 1); }
static inline uint16_t read_u16(struct reader *reader) { return (uint16_t)read_number(reader, 2); }
static inline uint32_t read_u32(struct reader *reader) { return (uint32_t)read_number(reader, 4); }
static inline uint64_t read_u64(struct reader *reader) { return read_number(reader, 8); }
static inline struct bytes read_str8(struct reader *reader) { return read_bytes(reader, read_u8(reader)); }
static inline struct bytes read_str16(struct reader *reader) { return read_bytes(reader, read_u16(reader)); }

/* frame.c: a reply is written field by field into one buffer, then sealed into the outgoing queue. */
struct address { /* where a reply goes; kept by requests that are answered later */
    uint8_t type, flags;
    uint32_t epoch, stream;
    uint64_t request;
};
void reply_begin(const struct address *to);
void write_number(uint64_t value, int size);
void write_bytes(const void *at, size_t size);
void write_str8(const void *at, size_t size);
uint8_t *write_space(size_t size);
void reply_end(void);
void reply_error(const struct address *to, enum error code, int system_error, struct bytes path, const char *message);

/* mac.c */
void mac_of(const uint8_t key[KEY_SIZE], const uint8_t *header, const uint8_t *payload, size_t size, uint8_t mac[MAC_SIZE]);
bool mac_equal(const uint8_t *one, const uint8_t *other, size_t size);

/* frame.c: the two byte streams. */
struct frame {
    uint8_t type, flags;
    uint32_t epoch, stream, length;
    const uint8_t *payload;
};
uint32_t crc32c(uint32_t crc, const void *at, size_t size);
uint8_t *input_space(size_t *size);
void input_added(size_t size, int64_t now);
bool input_next(struct frame *frame, int64_t now);
int64_t input_stale_at(void);
bool output_has_room(void);
size_t output_pending(const uint8_t **at);
void output_written(size_t size);
void output_drop(void);

/* requests.c: one lease, the epoch, and what each request means. */
bool requests_start(const char *creators_boot_id); /* false: that is no boot id */
void request_handle(const struct frame *frame, int64_t now);
void requests_answer_waiting(int64_t now);
struct command;
void requests_forget(const struct command *command); /* it is not kept any more: who reads it asks again */
int64_t requests_wake_at(void);
int64_t lease_deadline(void); /* 0 without a lease */
uint32_t requests_epoch(void);
const uint8_t *lease_key(void); /* NULL without one */
bool release_asked(void);
void release_answer(void);

/* command.c: the one running command, its output and all results. */
enum command_state { STATE_UNKNOWN, STATE_RUNNING, STATE_ENDED };
enum cause {
    CAUSE_NONE, CAUSE_EXITED, CAUSE_SIGNALED, CAUSE_TIMEOUT, CAUSE_OUTPUT, CAUSE_KILLED, CAUSE_NOT_STARTED, CAUSE_LEASE, CAUSE_LIMIT,
};
enum { FLAG_TRUNCATED = 1, FLAG_DISCARDED = 2 };
enum { SUSPECT_MEMORY = 1, SUSPECT_PIDS = 2, SUSPECT_DISK = 4 };
enum { COMMANDS_MAX = 1024, OUTPUTS_MAX = 16, ARGUMENTS_MAX = 16384 };

struct command {
    uint8_t token[TOKEN_MAX];
    uint8_t token_size, state, cause, flags, suspects, suspects_known;
    int32_t code;
    int output; /* memfd, or -1 */
    uint64_t output_bytes, wall_ms, cpu_ms, max_rss_kib;
    int64_t started;
};
struct launch { /* what the child needs; the strings are NUL-terminated copies */
    char **arguments, **environment;
    const char *directory;
};
void commands_start(int memory_events, int pids_events); /* descriptors of the cgroup's files, or -1: look for them */
void command_suspect(uint8_t suspects);
struct command *command_find(struct bytes token);
const struct command *command_at(size_t index);
size_t commands_count(void); /* that are kept */
uint64_t commands_total(void); /* ever */
bool command_forgotten(struct bytes token); /* it was run, or a later one was, and nothing is known of it any more */
bool command_running(void);
struct bytes command_running_token(void); /* empty when none runs */
enum error command_run(struct bytes token, const struct launch *launch, uint64_t timeout_ms, uint64_t cap, int64_t now);
void command_stop(enum cause cause);
int command_output_descriptor(void);
void command_read_output(void);
void command_reap(int64_t now);
void command_check_deadline(int64_t now);
int64_t command_wake_at(int64_t now);
bool kill_everything(void); /* true when no child is left */

/* spawn.c: what happens between fork and exec. */
pid_t spawn(const struct launch *launch, int output, int status);

/* guard.c: what holds a command where no cgroup does. */
struct guard {
    uint64_t memory, processes, inodes; /* 0: not watched */
    int nice;
    const char *workspace, *temporary;
};
void guard_start(const struct guard *wanted);
int guard_limit_child(void); /* 0 or an errno */
uint8_t guard_knows(void);
uint8_t guard_suspects(bool *over);
int64_t guard_wake_at(void);
void guard_look(void);

/* filter.c */
bool filter_supported(void);
int filter_install(pid_t init, pid_t init_group);

/* files.c: files in. */
extern int workspace_directory, input_directory, null_descriptor;
bool path_is_good(struct bytes path);
int put_entry(int root, uint8_t kind, bool executable, struct bytes path, uint64_t offset, struct bytes data);

/* collect.c: files out. */
struct collect_caps {
    uint64_t bytes;
    uint32_t entries, visited;
    uint16_t depth, name, path;
};
bool collect_begin(uint32_t id, const struct collect_caps *caps, const struct bytes *patterns, size_t count);
bool collect_exists(uint32_t id);
bool collect_next(uint32_t sequence, size_t max, struct bytes *records);
void collect_drop(void);

/* peer.c: who is at a connection's other end, as far as can be seen. */
struct peer {
    uint32_t pid; /* 0: not found */
    uint8_t name_size;
    uint16_t command_size;
    char name[16], command[256]; /* what it says of itself; the arguments end with NUL each */
};
void peer_find(uint32_t address, uint16_t port, uint32_t own_address, uint16_t own_port, int64_t until, struct peer *peer);
bool peer_refusals(uint64_t *count);

/* proxy.c: the listener on the loopback and its connections. */
enum { TUNNELS_MAX = 64, TUNNEL_BUFFER = 32768, TUNNELS_DATA_MAX = 38000 };
struct tunnel {
    uint32_t id; /* 0: this place is free; never used twice */
    int socket;
    bool ended, broken, end_wanted; /* the peer sends no more; the peer is gone; nothing follows what is to go out */
    int64_t closing_until;          /* not 0: the client's no more */
    struct peer peer;
    uint64_t received, accepted; /* offsets of the first byte in `in`, and behind the last one that went into `out` */
    size_t in_size, out_size;
    uint8_t in[TUNNEL_BUFFER], out[TUNNEL_BUFFER];
};
int proxy_listen(uint16_t port, size_t connections); /* 0 or an errno; once */
uint16_t proxy_port(void);
void proxy_accept_all(void);
bool proxy_is_full(void);
size_t proxy_open(void);
struct tunnel *proxy_tunnel(uint32_t id);
struct tunnel *proxy_tunnel_at(size_t index);
void proxy_write(struct tunnel *tunnel);
void proxy_close(struct tunnel *tunnel, bool at_once, int64_t now);
void proxy_close_all(void);
void proxy_work(int64_t now);
struct pollfd;
size_t proxy_events(struct pollfd *events); /* at most 1 + TUNNELS_MAX */
int64_t proxy_wake_at(void);

/* tunnels.c: the requests about them. */
void tunnel_proxy(struct reader *in, const struct address *to, int64_t now);
void tunnel_next(struct reader *in, const struct address *to, int64_t now);
void tunnel_send(struct reader *in, const struct address *to, int64_t now);
void tunnel_close(struct reader *in, const struct address *to, int64_t now);
void tunnels_answer_waiting(int64_t now);
int64_t tunnels_wake_at(void);
void tunnels_fence(void);

/* main.c (and the test harness) */
int64_t clock_ms(void); /* CLOCK_BOOTTIME */
int64_t worked_ms(void); /* processor time of this process */

static inline int64_t earlier(int64_t a, int64_t b) { return a == 0 ? b : b == 0 ? a : a < b ? a : b; }

#endif
