// The system tells which pages of private memory were written (Linux 6.7: userfaultfd(2) with asynchronous write protection,
// PAGEMAP_SCAN(2const)). What it refuses is copied at every use. Other devices are taken not to write behind its back.
extern "C" long system_call(long number, ...) __asm__("syscall");
extern "C" int page_bytes() __asm__("getpagesize");
struct Tracker {
    long process = 0, faults = -1, pagemap = -1;
    bool ask(unsigned long request, void *argument) const { return system_call(SYS_ioctl, faults, request, argument) == 0; }
    void open() {
        process = system_call(SYS_getpid), pagemap = -1;
        faults = system_call(SYS_userfaultfd, 02000001);  // O_CLOEXEC | UFFD_USER_MODE_ONLY
        uint64_t wanted[] = {0xaa, 1 << 15 | 1 << 13, 0};  // UFFD_FEATURE_WP_ASYNC, UFFD_FEATURE_WP_UNPOPULATED
        if (ask(0xc018aa3f, wanted)) pagemap = system_call(SYS_openat, -100, "/proc/self/pagemap", 02000000);
    }
} tracker;
struct Part {  // of a range, in pages that it shares, or too short to ask for pages: known by what was there
    char *first = nullptr, *last = nullptr; bool is_known = false; std::vector<char> known;
    template <class F> void changed(char *a, char *b, F found) {
        a = a < first ? first : a, b = last < b ? last : b;
        if (a >= b || (is_known && a == first && b == last && memcmp(known.data(), a, b - a) == 0)) return;
        know(a, b), found(a, b, is_known ? known.data() : a);
    }
    void know(char *a, char *b) {
        if (b <= first || last <= a) return;
        is_known = a <= first && last <= b;
        if (is_known) known.assign(first, last);
    }
};
struct Pages {  // of one copy's range on the host
    enum { unasked, refused, small, watched } are = unasked;
    uintptr_t first = 0, last = 0; unsigned rewrites = 0; Part head, tail;
    static uintptr_t down(uintptr_t at) { return at / (unsigned)page_bytes() * (unsigned)page_bytes(); }
    static uintptr_t up(uintptr_t at) { return down(at + (unsigned)page_bytes() - 1); }
    ~Pages() {
        uint64_t range[] = {first, last - first};
        if (are == watched) tracker.ask(0x8010aa01, range);  // UFFDIO_UNREGISTER
    }
    bool are_told() const { return are == small || are == watched; }
    void watch(char *a, char *b) {
        if (are != unasked) return;
        bool is_small = b - a < 65536;
        first = is_small ? (uintptr_t)b : up((uintptr_t)a), last = is_small ? first : down((uintptr_t)b);
        head.first = a, head.last = (char *)first, tail.first = (char *)last, tail.last = b;
        uint64_t range[] = {first, last - first, 2, 0};
        auto is_private = [](const char *way, unsigned long) { return way[3] == 'p'; };
        if (tracker.pagemap < 0) are = refused;
        else if (is_small) are = small;
        else are = mapped(first, last, is_private) && tracker.ask(0xc020aa00, range) ? watched : refused;  // UFFDIO_REGISTER
    }
    // Names the stretches that were written since it was last asked, or are not there.
    template <class F> void scan(uintptr_t from, uintptr_t to, F found) {
        struct { uint64_t first, last, kind; } some[64];
        const uint64_t is_written = 1 << 1, is_present = 1 << 3;
        while (are == watched && from < to) {
            uint64_t about[12] = {sizeof about, 3, from, to, 0, (uint64_t)some, 64, 0, is_present, 0, is_written | is_present, is_written};
            long count = system_call(SYS_ioctl, tracker.pagemap, 0xc0606610, about);  // PAGEMAP_SCAN, which protects what it names
            if (count < 0) are = refused;  // such as memory that was freed and is another array now
            for (long k = 0; k < count; k++) found(some[k].first, some[k].last);
            from = about[4];
        }
    }
    // Lets pages be written without telling; they count as written.
    void open(uintptr_t from, uintptr_t to) const {
        uint64_t range[] = {from, to - from, 0};
        tracker.ask(0xc018aa06, range);  // UFFDIO_WRITEPROTECT
    }
    // To tell costs more than to copy where most is written from use to use: so that is asked more and more rarely.
    bool are_rewritten(uintptr_t written, uintptr_t all) {
        if (2 * written <= all) return false;
        rewrites++;
        return (rewrites & (rewrites - 1)) != 0;
    }
    // Names stretches of [a, b) that hold all that was written since it was last asked, and where what is there stands.
    template <class F> void written(char *a, char *b, F found) {
        if (!are_told()) return found(a, b, a);
        head.changed(a, b, found), tail.changed(a, b, found);
        uintptr_t begin = (uintptr_t)a < first ? first : (uintptr_t)a, all = (uintptr_t)b < last ? (uintptr_t)b : last;
        uintptr_t from = up(begin), to = down(all), end = from < to ? from : all, sum = 0;
        auto tell = [&] { if (begin < end) found((char *)begin, (char *)end, (char *)begin); };
        if (from >= to) return tell();
        auto add = [&](uintptr_t low, uintptr_t high) {
            if (begin == end) begin = end = low;
            if (low - end > 65536) tell(), begin = low;  // less costs less to copy than one copy more
            if (low < high) end = high;
        };
        scan(from, to, [&](uintptr_t low, uintptr_t high) { sum += high - low, add(low, high); });
        if (are != watched) return found(a, b, a);
        add(to, all), tell();
        if (are_rewritten(sum, to - from)) open(from, to);
    }
    // Has [a, b) written so that it is no news.
    template <class F> void write(char *a, char *b, F does) {
        uintptr_t from = up((uintptr_t)a), to = down((uintptr_t)b), sum = 0;
        scan(from, to, [&](uintptr_t low, uintptr_t high) { sum += high - low; });
        bool is_told = are == watched && from < to;
        if (is_told) open(from, to);
        does(), head.know(a, b), tail.know(a, b);
        if (is_told && !are_rewritten(sum, to - from)) scan(from, to, [](uintptr_t, uintptr_t) {});
    }
};
