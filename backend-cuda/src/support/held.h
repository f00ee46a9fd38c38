// The device's copies of host memory that outlive a region while a `Residence` lasts.
struct Held {  // of the host's bytes [first, last), where those of [newer, newer_end) are newer
    char *first, *last, *newer = first, *newer_end = first, *device = nullptr; int line, users = 1;
    bool is_filled = false, is_listed = true; Held *next = nullptr;
    Held(char *a, char *b, int l) : first(a), last(b), line(l) { MUPAC_CHECK(cudaMalloc(&device, b - a), l); }
    ~Held() { fetch(); MUPAC_CHECK(cudaFree(device), line); }
    Held(const Held &) = delete;
    char *at(char *host) const { return device + (host - first); }
    void move(void *to, const void *from, size_t n, cudaMemcpyKind way) {
        if (n > 0) MUPAC_CHECK(cudaMemcpy(to, from, n, way), line);
    }
    void fill() {
        move(device, first, newer - first, cudaMemcpyHostToDevice);
        move(at(newer_end), newer_end, last - newer_end, cudaMemcpyHostToDevice);
    }
    void fetch() { move(newer, at(newer), newer_end - newer, cudaMemcpyDeviceToHost), newer = newer_end = first; }
    void take(Held &other, char *a, char *b) {  // of [a, b), what both have
        a = a < first ? first : a, b = last < b ? last : b;
        if (a < b) move(at(a), other.at(a), b - a, cudaMemcpyDeviceToDevice);
    }
    void take_newer(Held &other) {  // those that a smaller copy has
        if (newer < newer_end || other.newer < first || last < other.newer_end) return;
        newer = other.newer, newer_end = other.newer_end, other.newer = other.newer_end = other.first;
        take(other, newer, newer_end);
    }
};
thread_local Held *held = nullptr;  // all that are listed; no two share a byte
thread_local int residences = 0;
inline void drop(Held *old) {
    for (Held **at = &held; *at; at = &(*at)->next)
        if (*at == old) { *at = old->next; break; }
    delete old;
}
[[maybe_unused]] inline void fetch() { for (Held *each = held; each; each = each->next) each->fetch(); }  // so that the host can read
inline void release() { while (held) drop(held); }  // so that the host can write and free
inline Held *hold(char *first, char *last, int line, int alignment) {
    for (Held *each = held; each; each = each->next)
        if (each->first <= first && last <= each->last && (first - each->first) % alignment == 0) return each->users++, each;
    auto fresh = new Held(first, last, line);
    auto meets = [&](Held *each) { return first < each->last && each->first < last; };
    for (Held *each = held; each; each = each->next)  // those that this region uses
        if (meets(each) && each->users > 0) fresh->is_listed = false, each->fetch();
    for (Held *each = held, *next; each; each = next) {
        next = each->next;
        if (!meets(each) || each->users > 0) continue;
        if (fresh->is_listed) fresh->take_newer(*each);  // nobody finds what is not listed
        drop(each);
    }
    if (fresh->is_listed) fresh->next = held, held = fresh;
    return fresh;
}
@WATCHES@template <class T> struct Mirror {  // `count` elements of the host on the device, for one scope
    char *first, *last; Held *copy; T *device;
    Mirror(const void *host, size_t count, int line, int alignment = 1) : first((char *)host), last(first + count * sizeof(T)) {
        copy = hold(first, last, line, alignment), device = (T *)copy->at(first);
    }
    ~Mirror() { if (--copy->users == 0 && !(residences > 0 && copy->is_listed)) drop(copy); }
    Mirror(const Mirror &) = delete;
    void in() {
        if (!copy->is_filled) copy->fill();
        copy->is_filled = true;
    }
    void out() {  // later, when the host looks
        if (last < copy->newer || copy->newer_end < first) copy->fetch();
        bool is_first = copy->newer == copy->newer_end;
        if (is_first || first < copy->newer) copy->newer = first;
        if (is_first || copy->newer_end < last) copy->newer_end = last;
        copy->is_filled = true;
        if (!copy->is_listed)  // others of this region may stay
            for (Held *each = held; each; each = each->next) each->take(*copy, first, last);
@WATCHED@    }
@METHODS@};
struct Residence {
    bool is_over = false;
    Residence() { residences++; }
    ~Residence() { end(); }
    Residence(const Residence &) = delete;
    void end() { if (!is_over && --residences == 0) release(); is_over = true; }
};
struct Apart {  // for one scope, the host works with memory as if there were no device
    int outside = residences;
    Apart() { release(), residences = 0; }
    ~Apart() { release(), residences = outside; }
    Apart(const Apart &) = delete;
};
