// Memory of the host that the device sees, if the program has asked whether it does.
//
// In ascending and shuffled order the device sees it; in descending order, and where only a sample of blocks runs, it does not,
// so that both ways of a program are run. Whoever never asks meets a device that does not.
// The shadow of a stretch is made when a kernel first touches it, or when the host does while work waits for the device: that
// is how a host that did not wait is noticed. The host's library functions touch it without telling anybody.
// A page lies where it was touched last; that it moves is counted.

namespace mupac_simt {

const size_t stretch_bytes = (size_t)1 << 16;
const size_t stretch_pages = stretch_bytes / page_bytes;

struct Stretch {
    uintptr_t number;
    Region region;
    bool is_on_device[stretch_pages];
    Stretch *next;
};

static bool sees_host = false;  // and the program knows it
static Stretch *stretches[1 << 14];
static uintptr_t seen_begin = UINTPTR_MAX, seen_end = 0;  // stretches lie between
static unsigned long long pages_in = 0, pages_out = 0;

static bool is_seeing_device() { return order != descending && sample_size == 0; }

static Stretch *find_stretch(uintptr_t address) {
    static Stretch *latest[64];
    uintptr_t number = address / stretch_bytes;
    Stretch *&recent = latest[number % 64];
    if (recent && recent->number == number) return recent;
    Stretch *stretch = stretches[number % (1 << 14)];
    while (stretch && stretch->number != number) stretch = stretch->next;
    if (stretch) recent = stretch;
    return stretch;
}

static Stretch &make_stretch(uintptr_t address) {
    if (Stretch *known = find_stretch(address)) return *known;
    Stretch *stretch = (Stretch *)zeroed_block(sizeof(Stretch));
    stretch->number = address / stretch_bytes;
    Region region = {(char *)(stretch->number * stretch_bytes), stretch_bytes, 0, -1, host_home, false, false, true, 0, 0, 0, 0};
    stretch->region = region;
    Stretch *&first = stretches[stretch->number % (1 << 14)];
    stretch->next = first;
    first = stretch;
    if (address < seen_begin) seen_begin = stretch->number * stretch_bytes;
    if (address >= seen_end) seen_end = (stretch->number + 1) * stretch_bytes;
    return *stretch;
}

static void move_page(Stretch &stretch, size_t offset, bool to_device) {
    bool &is_there = stretch.is_on_device[offset / page_bytes];
    if (is_there == to_device) return;
    is_there = to_device;
    if (counts_needed) (to_device ? pages_in : pages_out)++;
}

static void report_pages() {
    if (pages_in + pages_out > 0) report_line("moved\t%llu\t%llu\n", pages_in, pages_out);
}

// Names the parts of a range that lie in one page each, with the stretch that holds it.
template <class F> static void each_page(const char *p, size_t bytes, F found) {
    while (bytes > 0) {
        size_t left = page_bytes - (uintptr_t)p % page_bytes, part = bytes < left ? bytes : left;
        found(p, part);
        p += part;
        bytes -= part;
    }
}

}  // namespace mupac_simt
