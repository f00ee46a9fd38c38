// Who wrote what, in a run that is traced (MUPAC_SIMT_TRACE): the last writer of every byte of device memory, so that
// an element on the host, the watched one, can be followed back through copies to the thread that made its value; and
// the place in the text of the access that is found wrong.
//
// Where no element is watched, what the program does with values that were copied back is not followed; who wrote these is
// said where it is one thread, or the threads of one kernel.
//
// A place is the address behind the call that tells of an access. A writer that is not known is never guessed.

namespace mupac_simt {

static bool is_tracing = false;

struct Writer {
    const char *kernel;  // null: no thread of a kernel
    const void *site;
    uint3 thread, block;
};

enum Origin { from_nowhere, from_thread, from_host, from_copy, from_unknown };

static const char *watched = 0;  // on the host
static size_t watched_bytes = 0;
static Origin watched_origin = from_nowhere;
static Writer watched_writer;

// Larger regions are not followed, which costs 40 times their size.
const size_t most_traced_bytes = (size_t)4 << 20;

static bool is_followed(const Region &region) { return region.bytes <= most_traced_bytes; }

static Writer *writers_of(Region &region) {
    if (!region.writers) region.writers = (Writer *)map_memory(round_to_pages(region.bytes * sizeof(Writer)), PROT_READ | PROT_WRITE);
    return region.writers;
}

static bool covers_watched(const char *p, size_t bytes) { return watched && p <= watched && watched + watched_bytes <= p + bytes; }
static bool touches_watched(const char *p, size_t bytes) { return watched && p < watched + watched_bytes && watched < p + bytes; }

static void note_host_write(const char *p, size_t bytes) {
    if (!touches_watched(p, bytes)) return;
    watched_origin = from_host;
    watched_writer.site = this_thread.site;
}

static void note_device_write(const char *p, size_t bytes) {
    Region *region = known_region(p);
    if (!region || !is_followed(*region)) return;
    Writer writer = {is_in_kernel() ? current_kernel : 0, this_thread.site, {0, 0, 0}, {0, 0, 0}};
    if (is_in_kernel()) {
        writer.thread = thread_indices[current_thread];
        writer.block = block_index;
    }
    size_t offset = (size_t)(p - region->base);
    for (size_t i = 0; i < bytes && offset + i < region->bytes; i++) writers_of(*region)[offset + i] = writer;
}

// A thread of a kernel writes memory of the host.
static void note_seen_write(const char *p, size_t bytes) {
    if (known_region(p) || !touches_watched(p, bytes)) return;
    watched_origin = from_thread;
    watched_writer = {current_kernel, this_thread.site, thread_indices[current_thread], block_index};
}

static void note_access(const char *p, size_t bytes, bool is_write) {
    if (is_write && !is_in_kernel()) note_host_write(p, bytes);
    if (is_write && is_in_kernel()) note_seen_write(p, bytes);
    if (is_write) note_device_write(p, bytes);
    this_thread.site = 0;
}

static Origin copied_origin = from_nowhere;  // of what was copied back so far; from_unknown: by several kernels
static Writer copied_writer;
static bool is_one_thread;

static bool is_same(const uint3 &a, const uint3 &b) { return a.x == b.x && a.y == b.y && a.z == b.z; }

// A byte that was copied back to memory of the host.
static void note_copied(const Writer &writer) {
    if (!writer.kernel || copied_origin == from_unknown) return;
    if (copied_origin == from_nowhere) {
        copied_origin = from_thread;
        copied_writer = writer;
        is_one_thread = true;
        return;
    }
    if (strcmp(writer.kernel, copied_writer.kernel) != 0) copied_origin = from_unknown;
    if (writer.site != copied_writer.site) copied_writer.site = 0;
    is_one_thread = is_one_thread && is_same(writer.thread, copied_writer.thread) && is_same(writer.block, copied_writer.block);
}

// The running operation has copied `bytes`, or, with a null source, filled them.
static void note_copy(const char *to, const char *from, size_t bytes) {
    Region *target = known_region(to), *source = from ? known_region(from) : 0;
    bool is_known = !source || is_followed(*source);
    const Writer *writers = source && is_known ? writers_of(*source) + (from - source->base) : 0;
    if (target && is_followed(*target)) {
        Writer *written = writers_of(*target) + (to - target->base);
        if (writers) memmove((void *)written, (const void *)writers, bytes * sizeof(Writer));
        else memset((void *)written, 0, bytes * sizeof(Writer));
    }
    if (!target && source && !is_known) copied_origin = from_unknown;
    for (size_t i = 0; !target && writers && i < bytes; i++) note_copied(writers[i]);
    if (target || !touches_watched(to, bytes)) return;
    watched_origin = !is_known || !covers_watched(to, bytes) ? from_unknown : from_copy;
    if (!writers || watched_origin == from_unknown) return;
    watched_writer = writers[watched - to];
    if (watched_writer.kernel) watched_origin = from_thread;
}

static void report_site() {
    if (is_tracing && this_thread.site) report_line("at\t%llx\n", (unsigned long long)(uintptr_t)this_thread.site);
}

static void report_thread(const Writer &w) {
    unsigned long long place = (unsigned long long)(uintptr_t)w.site;
    report_line("writer\tthread\t%llx\t%s\t(%u,%u,%u)\t(%u,%u,%u)\n", place, w.kernel, w.thread.x, w.thread.y, w.thread.z, w.block.x, w.block.y,
                w.block.z);
}

// Of what was copied back, where no element is watched.
static void report_copied() {
    if (copied_origin != from_thread) return;
    if (is_one_thread) report_thread(copied_writer);
    else report_line("writer\tkernel\t%llx\t%s\n", (unsigned long long)(uintptr_t)copied_writer.site, copied_writer.kernel);
}

static void report_writer() {
    if (!is_tracing) return;
    if (!watched) {
        report_copied();
        return;
    }
    if (watched_origin == from_nowhere) report_line("writer\tnobody\n");
    if (watched_origin == from_copy) report_line("writer\tcopy\n");
    if (watched_origin == from_host) report_line("writer\thost\t%llx\n", (unsigned long long)(uintptr_t)watched_writer.site);
    if (watched_origin == from_thread) report_thread(watched_writer);
}

}  // namespace mupac_simt

// Follows the host's bytes from `p` on, of which the harness knows that a result lies there.
extern "C" void mupac_simt_watch(const void *p, size_t bytes) {
    mupac_simt::watched = (const char *)p;
    mupac_simt::watched_bytes = bytes;
}
