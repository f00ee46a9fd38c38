// Streams: operations in queues that run as late as the host's calls allow, so that a missing wait shows.
//
// An operation comes after the one before it in its stream, after the events that its stream was told to wait for, and,
// between the default stream and those that block with it, after everything that was queued there before.
// What an operation does is in order with an earlier one only if it comes after it in this sense, and with what the host
// did only up to the call that queued it.
// Source: CUDA C++ Programming Guide 13.0, "Streams", "Events" and "Implicit Synchronization"; CUDA Runtime API 13.0,
// "API synchronization behavior" and "Stream synchronization behavior".

namespace mupac_simt {

struct Operation;

}  // namespace mupac_simt

struct mupac_simt_event {
    mupac_simt::Operation *record;  // the last; null before the first
    struct timespec at;
    bool is_timed, is_destroyed;
};

struct mupac_simt_stream {
    unsigned number;
    bool is_blocking;  // with the default stream
    bool is_destroyed;
    bool was_asked;    // whether it is done; asked again, it has moved on
    mupac_simt::Operation *last;
    uint32_t count;
};

namespace mupac_simt {

typedef struct mupac_simt_stream Stream;
typedef struct mupac_simt_event Event;

struct Rectangle {
    size_t pitch, source_pitch, width, height;
};

// Something a stream does; which fields count depends on `perform`.
struct Operation {
    const char *name;
    void (*perform)(Operation &);
    Stream *stream;
    uint32_t position;       // in its stream, from 1
    uint32_t begin;          // its first phase
    uint32_t queued;         // the host's phases from here on are not in order with it
    size_t performed_before; // how many operations were over when it was queued
    Growing<uint32_t> known; // by stream: the position up to which operations come before it
    Growing<Operation *> after;
    bool is_done;
    Launch launch;
    void *state;
    void *to;
    const void *from;
    void *staged;            // a copy of host memory that nobody waits for
    int value;
    Rectangle rectangle;
    Event *event;
    void (*function)(void *);
};

static Stream default_stream = {0, true, false, false, 0, 0};
static Growing<Stream *> streams;  // all but the default one
static Growing<Operation *> performed;
static Operation *running_operation = 0;
static bool has_several_streams = false;
static size_t queued_count = 0;

static bool is_work_waiting() { return performed.count < queued_count; }

// The stream behind a handle; null where there is none.
static Stream *stream_of(cudaStream_t handle) {
    if (handle == 0 || handle == cudaStreamLegacy) return &default_stream;
    for (size_t i = 0; i < streams.count; i++)
        if (streams[i] == handle && !streams[i]->is_destroyed) return streams[i];
    return 0;
}

static Stream *add_stream(bool is_blocking) {
    Stream *stream = (Stream *)zeroed_block(sizeof(Stream));
    stream->number = (unsigned)streams.count + 1;
    stream->is_blocking = is_blocking;
    streams.add(stream);
    has_several_streams = true;
    return stream;
}

static void raise_known(Operation &operation, unsigned stream, uint32_t position) {
    while (operation.known.count <= stream) operation.known.add(0);
    if (operation.known[stream] < position) operation.known[stream] = position;
}

static void come_after(Operation &operation, Operation *earlier) {
    if (!earlier) return;
    for (size_t i = 0; i < earlier->known.count; i++) raise_known(operation, (unsigned)i, earlier->known[i]);
    raise_known(operation, earlier->stream->number, earlier->position);
    if (!earlier->is_done) operation.after.add(earlier);
}

// Appends an operation to its stream; the caller fills in what it needs.
static Operation &queue(Stream *stream, const char *name, void (*perform)(Operation &)) {
    Operation *operation = (Operation *)zeroed_block(sizeof(Operation));
    operation->name = name;
    operation->perform = perform;
    operation->stream = stream;
    operation->position = ++stream->count;
    operation->performed_before = performed.count;
    queued_count++;
    phase_now = operation->queued = give_phase();
    come_after(*operation, stream->last);
    if (stream == &default_stream) {
        for (size_t i = 0; i < streams.count; i++)
            if (streams[i]->is_blocking) come_after(*operation, streams[i]->last);
    } else if (stream->is_blocking) {
        come_after(*operation, default_stream.last);
    }
    stream->last = operation;
    stream->was_asked = false;
    return *operation;
}

static bool is_before(const Operation &earlier, const Operation &later) {
    unsigned stream = earlier.stream->number;
    return &earlier == &later || (stream < later.known.count && earlier.position <= later.known[stream]);
}

// The operation that was running at that time.
static const Operation &operation_at(uint32_t time) {
    size_t low = 0, high = performed.count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (performed[middle]->begin <= time) low = middle;
        else high = middle;
    }
    return *performed[low];
}

static bool is_outside_in_order(const Record &record) {
    if (!running_operation) return true;
    if (record.flags & by_host) return record.time < running_operation->queued;
    return record.time < floor_time || is_before(operation_at(record.time), *running_operation);
}

// Everything before this time is in order with the operation: it was over before the operation was queued, or is known.
static uint32_t floor_of(const Operation &operation) {
    uint32_t floor = last_host_access >= operation.queued ? operation.queued : operation.begin;
    for (size_t i = operation.performed_before; i < performed.count; i++)
        if (!is_before(*performed[i], operation)) return performed[i]->begin < floor ? performed[i]->begin : floor;
    return floor;
}

static void perform(Operation &operation) {
    running_operation = &operation;
    operation_begin = operation.begin = phase_now = give_phase();
    floor_time = floor_of(operation);
    knowledge = &host_knowledge;
    host_knowledge.first_phase = phase_now;
    become(0);
    performed.add(&operation);
    operation_name = operation.name;
    operation.perform(operation);
    operation_name = "";
    operation.is_done = true;
    operation.after.drop();
    running_operation = 0;
    // The host waits for whatever runs, so nothing that is over can conflict with it.
    floor_time = 0xffffffffu;
    phase_now = give_phase();
    become(0);
}

// Runs an operation and whatever comes before it.
static void finish(Operation *wanted) {
    static Growing<Operation *> left;
    if (!wanted || wanted->is_done) return;
    left.add(wanted);
    while (left.count) {
        Operation *top = left[left.count - 1];
        Operation *first = 0;
        for (size_t i = 0; i < top->after.count && !first; i++)
            if (!top->after[i]->is_done) first = top->after[i];
        if (first) {
            left.add(first);
            continue;
        }
        left.count--;
        if (!top->is_done) perform(*top);
    }
}

static void finish_all() {
    if (order == ascending) finish(default_stream.last);
    for (size_t i = 0; i < streams.count; i++) finish(streams[order == ascending ? i : streams.count - 1 - i]->last);
    finish(default_stream.last);
}

// Whether all is done; one that is asked a second time has moved on meanwhile.
static bool is_idle(Stream *stream) {
    if (!stream->last || stream->last->is_done) return true;
    if (stream->was_asked) {
        finish(stream->last);
        return true;
    }
    stream->was_asked = true;
    return false;
}

static bool is_event(Event *event) { return event && !event->is_destroyed; }

}  // namespace mupac_simt
