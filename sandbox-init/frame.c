/* Frames: checksum, resynchronising decoder, bounded outgoing queue, and the fields of a payload. */
#include "init.h"

#include <string.h>

enum { INPUT_SIZE = 2 * FRAME_MAX, QUEUE_SIZE = 256 * 1024, STALE_MS = 2000 };
/* Room for one full reply and the short FENCED errors that a raised epoch may cause beside it. */
enum { ROOM = FRAME_MAX + 16 * 256 };

static const uint8_t MAGIC[4] = {'A', 'L', 'K', '1'};

uint32_t crc32c(uint32_t crc, const void *at, size_t size) {
    static uint32_t table[256];
    if (table[1] == 0)
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t value = i;
            for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (0x82F63B78u & -(value & 1));
            table[i] = value;
        }
    const uint8_t *byte = at;
    crc = ~crc;
    while (size--) crc = (crc >> 8) ^ table[(crc ^ *byte++) & 0xFF];
    return ~crc;
}

static uint64_t load(const uint8_t *at, int size) {
    uint64_t value = 0;
    for (int i = size - 1; i >= 0; i--) value = value << 8 | at[i];
    return value;
}

static void store(uint8_t *at, uint64_t value, int size) {
    for (int i = 0; i < size; i++) at[i] = (uint8_t)(value >> (8 * i));
}

/* ---- input ---- */

static uint8_t input[INPUT_SIZE];
static size_t input_head, input_tail;
static int64_t input_last; /* when the newest byte came */
static bool input_incomplete;

uint8_t *input_space(size_t *size) {
    if (input_head > 0) {
        memmove(input, input + input_head, input_tail - input_head);
        input_tail -= input_head;
        input_head = 0;
    }
    *size = INPUT_SIZE - input_tail;
    return input + input_tail;
}

void input_added(size_t size, int64_t now) {
    input_tail += size;
    input_last = now;
}

static void skip_to_magic(void) {
    while (input_head < input_tail) {
        size_t left = input_tail - input_head;
        uint8_t *found = memchr(input + input_head, MAGIC[0], left);
        if (!found) {
            input_head = input_tail;
            return;
        }
        input_head = (size_t)(found - input);
        left = input_tail - input_head;
        if (memcmp(found, MAGIC, left < 4 ? left : 4) == 0) return;
        input_head++;
    }
}

/* Gives the next good frame; its payload stays valid until the next call of input_space. */
bool input_next(struct frame *frame, int64_t now) {
    input_incomplete = false;
    for (;; input_head++) {
        skip_to_magic();
        const uint8_t *header = input + input_head;
        size_t have = input_tail - input_head;
        size_t length = have < HEADER_SIZE ? 0 : load(header + 16, 4);
        if (length > PAYLOAD_MAX) continue;
        if (have < HEADER_SIZE + length) {
            if (have == 0) return false;
            if (now - input_last >= STALE_MS) continue; /* a torn frame must not swallow later ones for ever */
            input_incomplete = true;
            return false;
        }
        uint32_t crc = crc32c(crc32c(0, header, 20), header + HEADER_SIZE, length);
        if (crc != load(header + 20, 4)) continue;
        frame->type = header[4];
        frame->flags = header[5];
        frame->epoch = (uint32_t)load(header + 8, 4);
        frame->stream = (uint32_t)load(header + 12, 4);
        frame->length = (uint32_t)length;
        frame->payload = header + HEADER_SIZE;
        input_head += HEADER_SIZE + length;
        return true;
    }
}

int64_t input_stale_at(void) {
    return input_incomplete ? input_last + STALE_MS : 0;
}

/* ---- output ---- */

static uint8_t queue[QUEUE_SIZE];
static size_t queue_head, queue_tail;
static uint8_t reply[FRAME_MAX];
static size_t reply_size;

bool output_has_room(void) {
    return QUEUE_SIZE - (queue_tail - queue_head) >= ROOM;
}

size_t output_pending(const uint8_t **at) {
    *at = queue + queue_head;
    return queue_tail - queue_head;
}

void output_written(size_t size) {
    queue_head += size;
    if (queue_head == queue_tail) queue_head = queue_tail = 0;
}

void output_drop(void) {
    queue_head = queue_tail = 0;
}

void reply_begin(const struct address *to) {
    memset(reply, 0, HEADER_SIZE);
    memcpy(reply, MAGIC, 4);
    reply[4] = to->type;
    reply[5] = to->flags;
    store(reply + 8, to->epoch, 4);
    store(reply + 12, to->stream, 4);
    reply_size = HEADER_SIZE;
    write_number(to->request, 8);
}

/* Handlers stay below the maximum by construction; what would pass it all the same is cut, never written. */
uint8_t *write_space(size_t size) {
    if (size > FRAME_MAX - reply_size) return NULL;
    reply_size += size;
    return reply + reply_size - size;
}

void write_number(uint64_t value, int size) {
    uint8_t *at = write_space((size_t)size);
    if (at) store(at, value, size);
}

void write_bytes(const void *from, size_t size) {
    uint8_t *at = write_space(size);
    if (at && size > 0) memcpy(at, from, size);
}

void write_str8(const void *at, size_t size) {
    if (size > 255) size = 255;
    write_number(size, 1);
    write_bytes(at, size);
}

static void add_mac(void) {
    uint8_t *mac = write_space(MAC_SIZE);
    size_t size = reply_size - HEADER_SIZE;
    store(reply + 16, size, 4);
    if (mac && lease_key()) mac_of(lease_key(), reply, reply + HEADER_SIZE, size - MAC_SIZE, mac);
}

void reply_end(void) {
    store(reply + 16, reply_size - HEADER_SIZE, 4);
    if (reply[5] & AUTHENTIC) add_mac();
    store(reply + 20, crc32c(crc32c(0, reply, 20), reply + HEADER_SIZE, reply_size - HEADER_SIZE), 4);
    if (queue_tail - queue_head + reply_size > QUEUE_SIZE) return; /* callers ask output_has_room first */
    if (queue_tail + reply_size > QUEUE_SIZE) {
        memmove(queue, queue + queue_head, queue_tail - queue_head);
        queue_tail -= queue_head;
        queue_head = 0;
    }
    memcpy(queue + queue_tail, reply, reply_size);
    queue_tail += reply_size;
}

void reply_error(const struct address *to, enum error code, int system_error, struct bytes path, const char *message) {
    struct address address = *to;
    address.type = ERROR;
    reply_begin(&address);
    write_number(code, 2);
    write_number((uint64_t)system_error, 2);
    write_number(requests_epoch(), 4);
    write_number(path.size, 2);
    write_bytes(path.at, path.size);
    size_t size = strlen(message);
    write_number(size, 2);
    write_bytes(message, size);
    reply_end();
}

/* ---- payload ---- */

uint64_t read_number(struct reader *reader, int size) {
    struct bytes field = read_bytes(reader, (size_t)size);
    return field.at ? load(field.at, size) : 0;
}

struct bytes read_bytes(struct reader *reader, size_t size) {
    if (reader->bad || size > (size_t)(reader->end - reader->at)) {
        reader->bad = true;
        return (struct bytes){NULL, 0};
    }
    struct bytes field = {reader->at, size};
    reader->at += size;
    return field;
}
