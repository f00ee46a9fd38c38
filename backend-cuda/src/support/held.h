struct Held {  // of the host's bytes [first, last), where those of [newer, newer_end) are newer, and those of [seen, seen_end) no older
    char *first, *last, *newer = first, *newer_end = first, *seen = first, *seen_end = first, *device = nullptr; int line, users = 1;
    bool is_listed = true;
@PAGES@    long long used = 0;  // the greater, the later
@KNOWN@    long long stamp = 0;  // another one whenever some bytes may have changed
@!ROOM@    Held(char *a, char *b, int l) : first(a), last(b), line(l) { MUPAC_CHECK(cudaMalloc(&device, b - a), l); }
@PAGES@    Pages pages;
@ROOM@@!FREED@    Held(char *a, char *b, int l) : first(a), last(b), device((char *)reserve(b - a, l)), line(l) {}
@FREED@    Held(char *a, char *b, int l) : first(a), last(b), device((char *)allocate(b - a, l)), line(l) {}
@ROWS@    std::vector<Shape> meant, written;  // what of the range regions use, and what of it they write: nothing else is copied
@ROWS@    char *low = first, *high = last;  // what a copy is to hold that takes the place of this one
@!FREED@    ~Held() { fetch(); MUPAC_CHECK(cudaFree(device), line); }
@FREED@    ~Held() { fetch(); give(device, last - first, line); }
    Held(const Held &) = delete;
    char *at(char *host) const { return device + (host - first); }
    void move(void *to, const void *from, ptrdiff_t n, cudaMemcpyKind way) {
        if (n > 0) MUPAC_CHECK(cudaMemcpy(to, from, n, way), line);
    }
@ROWS@    template <class F> void move_parts(const std::vector<Shape> &of, char *a, char *b, cudaMemcpyKind way, F ends) {
@ROWS@        for (const Shape &each : of)
@ROWS@            each.parts(a, b, [&](char *host, size_t width, size_t count) {
@ROWS@                auto [to, from] = ends(host);
@ROWS@                if (count == 1) move(to, from, width, way);
@ROWS@                else MUPAC_CHECK(cudaMemcpy2D(to, each.pitch, from, each.pitch, width, count, way), line);
@ROWS@            });
@ROWS@    }
@ROWS@    void move_in(const std::vector<Shape> &of, char *a, char *b, char *from) {
@ROWS@        move_parts(of, a, b, cudaMemcpyHostToDevice, [&](char *host) { return std::pair(at(host), from + (host - a)); });
@ROWS@    }
@ROWS@    void move_home(char *a, char *b) {
@ROWS@        move_parts(written, a, b, cudaMemcpyDeviceToHost, [this](char *host) { return std::pair(host, at(host)); });
@ROWS@    }
@FILLS@    void send(char *a, char *b, char *from) {  // but for what is newer here
@FILLS@        char *end = b < newer ? b : newer, *begin = a < newer_end ? newer_end : a;
@ROWS@        move_in(meant, a, end, from), move_in(meant, begin, b, from + (begin - a));
@FILLS@@!ROWS@        move(at(a), from, end - a, cudaMemcpyHostToDevice), move(at(begin), from + (begin - a), b - begin, cudaMemcpyHostToDevice);
@FILLS@    }
    void see(char *a, char *b) {
@KNOWN@        stamp = ++stamps;
        bool meets = a <= seen_end && seen <= b;
        if (!meets && b - a < seen_end - seen) return;
        seen = meets && seen < a ? seen : a, seen_end = meets && b < seen_end ? seen_end : b;
    }
@FILLS@    void fill(char *a, char *b) {
@FILLS@        if (seen <= a && b <= seen_end) return;
@FILLS@        char *begin = seen <= a && a < seen_end ? seen_end : a, *end = seen < b && b <= seen_end ? seen : b;
@FILLS@@!PAGES@        send(begin, end, begin), see(a, b);
@FILLS@@PAGES@        watch(), pages.written(begin, end, [this](char *low, char *high, char *from) { send(low, high, from); }), see(a, b);
@FILLS@    }
@!PAGES@    bool is_touched = false;
@!PAGES@    void touch_once(char *a, char *b) {
@!PAGES@        if (!is_touched) touch(a, b - a), is_touched = b - a > (last - first) / 2;
@!PAGES@    }
@!LENT@    void home(char *a, char *b) {
@LENT@    std::vector<std::pair<char *, char *>> lent;  // what the host may have changed since a region last ran
@LENT@    void home(char *a, char *b, size_t from = 0) {  // but for what is lent
@LENT@        for (size_t i = from; i < lent.size(); i++)
@LENT@            if (auto [c, d] = lent[i]; c < b && a < d) return home(a, c, i + 1), home(d, b, i + 1);
@LENT@        if (a >= b) return;
@!PAGES@@!ROWS@        touch_once(a, b), move(a, at(a), b - a, cudaMemcpyDeviceToHost);
@!PAGES@@ROWS@        touch_once(a, b), move_home(a, b);
@PAGES@@!ROWS@        watch(), pages.write(a, b, [this, a, b] { move(a, at(a), b - a, cudaMemcpyDeviceToHost); });
@PAGES@@ROWS@        watch(), pages.write(a, b, [this, a, b] { move_home(a, b); });
    }
    void fetch() {
        if (newer < newer_end) home(newer, newer_end);
        newer = newer_end = first;
    }
@NEWER@    int favours = 0;  // launches that do not pay but for what is newer here, since kernels last wrote
@PARTS@    int asked = 0;  // how often the host looked at a part since kernels last wrote
@PARTS@    void fetch(char *a, char *b) {
@PARTS@        a = a < newer ? newer : a, b = newer_end < b ? newer_end : b;
@PARTS@        if (a >= b) return;
@PARTS@        if (++asked > 8 || 2 * (b - a) > newer_end - newer) return fetch();
@PARTS@        home(a, b);
@PARTS@        if (a == newer) newer = b;
@PARTS@        else if (b == newer_end) newer_end = a;
@PARTS@    }
@LENT@    void lend(char *a, char *b) {
@LENT@        a = a < first ? first : a, b = last < b ? last : b;
@LENT@        fetch(a, b), lent.emplace_back(a, b), any_lent = true;
@LENT@@KNOWN@        stamp = ++stamps;
@LENT@    }
@LENT@    void settle() {  // all of it came home before, so that nothing here is newer
@!PAGES@@!ROWS@@LENT@        for (auto [a, b] : lent) move(at(a), a, b - a, cudaMemcpyHostToDevice);
@!PAGES@@ROWS@@LENT@        for (auto [a, b] : lent) move_in(meant, a, b, a);
@PAGES@@!ROWS@@LENT@        auto to_device = [this](char *a, char *b, char *from) { move(at(a), from, b - a, cudaMemcpyHostToDevice); };
@PAGES@@ROWS@@LENT@        auto to_device = [this](char *a, char *b, char *from) { move_in(meant, a, b, from); };
@PAGES@@LENT@        for (auto [a, b] : lent) watch(), pages.written(a, b, to_device);
@LENT@        lent.clear();
@LENT@    }
@PAGES@@!ROWS@    void watch() { if (has_table && is_listed) pages.watch(first, last); }
@PAGES@@ROWS@    void watch() { if (has_table && is_listed && means(first, last)) pages.watch(first, last); }
@PAGES@    void rest() {  // the host may write
@PAGES@        fetch(), seen = seen_end = first;
@PAGES@@LENT@        lent.clear();  // its pages tell what the host wrote
@PAGES@    }
    void take(Held &other, char *a, char *b) {  // of [a, b), what both have
        a = a < first ? first : a, b = last < b ? last : b;
        if (a < b) move(at(a), other.at(a), b - a, cudaMemcpyDeviceToDevice);
@KNOWN@        stamp = ++stamps;
@PAGES@        pages.head.is_known = pages.tail.is_known = false;
    }
    bool joins(char *a, char *b) const {  // what is newer and [a, b): nothing between them is older here
        char *low = b < newer_end ? b : newer_end, *high = a < newer ? newer : a;
        return newer == newer_end || high <= low || (seen <= low && high <= seen_end);
    }
    void renew(char *a, char *b) {
        bool is_first = newer == newer_end;
        newer = is_first || a < newer ? a : newer, newer_end = is_first || newer_end < b ? b : newer_end;
    }
@ROWS@    void take(Held &other, const Shape &shape) {  // of it, what both have
@ROWS@        move_parts({shape}, first, last, cudaMemcpyDeviceToDevice, [&](char *host) { return std::pair(at(host), other.at(host)); });
@KNOWN@@ROWS@        stamp = ++stamps;
@PAGES@@ROWS@        pages.head.is_known = pages.tail.is_known = false;
@ROWS@    }
@ROWS@    bool means(char *a, char *b) const {  // all of [a, b)
@ROWS@        for (const Shape &each : meant)
@ROWS@            if (!each.is_loose && each.holds(Shape(a, b - a))) return true;
@ROWS@        return false;
@ROWS@    }
@ROWS@    bool is_exactly(const Shape &shape) const {  // whether nothing else is meant from its first byte to its last
@ROWS@        if (shape.is_plain() || meant.size() != 1) return shape.is_plain();
@ROWS@        bool is_same = meant[0].pitch == shape.pitch && meant[0].width == shape.width && meant[0].plane == shape.plane;
@ROWS@        return is_same && (shape.planes == 1 || meant[0].count == shape.count) && meant[0].holds(shape);
@ROWS@    }
@ROWS@    void know(const Shape &shape) {  // is meant from now on
@ROWS@        for (const Shape &each : meant)
@ROWS@            if (each.holds(shape)) return;
@ROWS@        fetch();
@KNOWN@@ROWS@        stamp = ++stamps;
@ROWS@        if (meant.size() > 7 && users == 1) meant.clear(), written.clear();
@ROWS@        Shape all = shape;  // with other parts of one array
@ROWS@        for (size_t i = meant.size(); i-- > 0;) {
@ROWS@            if (!all.takes(meant[i])) continue;
@ROWS@            meant[i] = meant.back(), meant.pop_back();
@ROWS@        }
@ROWS@        meant.push_back(all), move_in({shape}, seen, seen_end, seen);
@ROWS@    }
@ROWS@    void write(const Shape &shape) {  // goes home from now on
@ROWS@        for (const Shape &each : written)
@ROWS@            if (each.holds(shape)) return;
@ROWS@        if (written.size() > 7) fetch(), written.clear();
@ROWS@        written.push_back(shape);
@ROWS@    }
    void absorb(Held &other) {  // what one has that this takes the place of
@ROWS@        if (other.first < first || last < other.last) return;  // shapes lie in the range
@ROWS@        for (const Shape &each : other.meant) meant.push_back(each);
@ROWS@        for (const Shape &each : other.written) written.push_back(each);
        char *a = other.seen < first ? first : other.seen, *b = last < other.seen_end ? last : other.seen_end;
        if (a < b) take(other, a, b), see(a, b);
        if (other.newer < first || last < other.newer_end || !joins(other.newer, other.newer_end)) other.fetch();
        take(other, other.newer, other.newer_end);
        if (other.newer < other.newer_end) renew(other.newer, other.newer_end), other.newer_end = other.newer;
    }
};
inline void list(Held *fresh) {
    if (!held) held = new Table;
    held->emplace(fresh->first, fresh), fresh->is_listed = true;
}
inline void drop(Held *old) {
    if (old->is_listed) held->erase(old->first);
    if (held && held->empty()) delete held, held = nullptr;
    delete old;
}
inline Held *next_held(char *&at, char *end = (char *)-1) {  // the first that shares bytes with [at, end); `at` moves behind it
    if (!held || at >= end) return nullptr;
    auto next = held->upper_bound(at);
    if (next != held->begin() && at < std::prev(next)->second->last) --next;
    if (next == held->end() || next->first >= end) return nullptr;
    return at = next->second->last, next->second;
}
@STAYS@[[maybe_unused]] inline void fetch() {  // so that the host can read
@STAYS@    for (char *at = nullptr; Held *each = next_held(at);) each->fetch();
@STAYS@}
@!PAGES@inline void release() {  // so that the host can write and free
@!PAGES@    for (char *at = nullptr; Held *each = next_held(at);) drop(each);
@!PAGES@}
@PAGES@inline void make_room() {
@PAGES@    bool had_table = has_table;
@PAGES@    take_table();
@PAGES@    for (char *at = nullptr; Held *each = next_held(at);)
@PAGES@        if (each->users == 0) drop(each);
@PAGES@    if (!had_table) leave_table();
@PAGES@}
@PAGES@inline void release() {  // so that the host can write and free; what was used last may rest in half of the device's memory
@PAGES@    size_t sum = 0, left = 0, all = 0;
@PAGES@    static const size_t most = cudaMemGetInfo(&left, &all) == cudaSuccess ? all / 2 : 0;
@PAGES@    std::vector<Held *> latest;  // first
@PAGES@    for (char *at = nullptr; Held *each = next_held(at);) latest.push_back(each);
@PAGES@    std::sort(latest.begin(), latest.end(), [](Held *one, Held *other) { return one->used > other->used; });
@PAGES@    for (Held *each : latest) {
@PAGES@        each->rest(), sum += (size_t)(each->last - each->first);
@PAGES@        if (!each->pages.are_told() || sum > most) drop(each);
@PAGES@    }
@PAGES@    leave_table();
@PAGES@}
inline Held *hold(char *first, char *last, int line, size_t alignment, bool stays = true) {
@PAGES@    take_table();
@LENT@    if (any_lent)
@LENT@        for (char *at = nullptr; Held *each = next_held(at);) each->settle();
@LENT@    any_lent = false;
    auto behind = held ? held->upper_bound(first) : Table::iterator();
    if (held && behind != held->begin()) {
        Held *each = std::prev(behind)->second;
        bool is_inside = last <= each->last && (size_t)(first - each->first) % alignment == 0;
@ROWS@        bool wants_more = each->users == 0 && (each->low < each->first || each->last < each->high);
@ROWS@        if (is_inside && !(stays ? wants_more : !each->means(first, last))) {
@!ROWS@        if (is_inside) {
@PAGES@            each->used = ++uses;
            return each->users++, each;
        }
    }
    char *low = first, *high = last;  // with other parts of one array, which are used in turns
@ROWS@    for (char *a = nullptr, *b = nullptr; stays && (a != low || b != high);) {  // and with rows that lie between others
@ROWS@        a = low, b = high;
@ROWS@        for (char *at = a; Held *each = next_held(at, b);)
@ROWS@            if (each->users == 0) low = each->low < low ? each->low : low, high = high < each->high ? each->high : high;
@ROWS@    }
@!ROWS@    for (char *at = first; Held *each = next_held(at, last);)
@!ROWS@        if (each->users == 0 && stays) low = each->first < low ? each->first : low, high = high < each->last ? each->last : high;
    if ((size_t)(first - low) % alignment != 0) low = first, high = last;
    auto fresh = new Held(low, high, line);
    fresh->is_listed = stays && low < high;
@PAGES@    fresh->used = ++uses;
    for (char *at = low; Held *each = next_held(at, high);) {  // those that this region uses
        if (each->users > 0 || !stays) fresh->is_listed = false, each->fetch();
@ROWS@        // next time one copy serves both
@ROWS@        if (each->users > 0 && stays) each->low = low < each->low ? low : each->low, each->high = each->high < high ? high : each->high;
    }
    for (char *at = low; Held *each = next_held(at, high);) {
        if (each->users > 0 || !stays) continue;
        if (fresh->is_listed) fresh->absorb(*each);  // nobody finds what is not listed
        drop(each);
    }
    if (fresh->is_listed) list(fresh);
    return fresh;
}
struct ByteMirror {  // bytes [first, last) of the host on the device, for one scope
    char *first, *last; Held *copy;
@!ROWS@    ByteMirror(const void *host, size_t bytes, int line, size_t alignment, bool stays) : first((char *)host), last(first + bytes) {
@!ROWS@        copy = hold(first, last, line, alignment, stays);
@!ROWS@    }
@ROWS@    Shape shape;
@ROWS@    ByteMirror(const Shape &of, size_t bytes, int line, size_t alignment, bool stays) : first(of.first), last(first + bytes), shape(of) {
@ROWS@        copy = hold(first, last, line, alignment, stays);
@ROWS@        if (first < last) copy->know(shape);
@ROWS@        if (!copy->is_exactly(shape)) copy->fill(first, last);
@ROWS@    }
@SNAPSHOT@    void *before = nullptr;
@SNAPSHOT@    void *snapshot_bytes() {
@SNAPSHOT@        size_t n = last - first;
@SNAPSHOT@@SPARE@        if (!before) before = allocate(n, copy->line);
@SNAPSHOT@@ROOM@@!SPARE@        if (!before) before = reserve(n, copy->line);
@SNAPSHOT@@!ROOM@        if (!before) MUPAC_CHECK(cudaMalloc(&before, n), copy->line);
@SNAPSHOT@        copy->move(before, copy->at(first), n, cudaMemcpyDeviceToDevice);
@SNAPSHOT@        return before;
@SNAPSHOT@    }
@SNAPSHOT@    void end_snapshot() {
@SNAPSHOT@@SPARE@        if (before) give(before, last - first, copy->line);
@SNAPSHOT@@!SPARE@        if (before) MUPAC_CHECK(cudaFree(before), copy->line);
@SNAPSHOT@    }
@!PAGES@@!SNAPSHOT@    ~ByteMirror() { if (--copy->users == 0 && !(residences > 0 && copy->is_listed)) drop(copy); }
@!PAGES@@SNAPSHOT@    ~ByteMirror() { end_snapshot(); if (--copy->users == 0 && !(residences > 0 && copy->is_listed)) drop(copy); }
@PAGES@    ~ByteMirror() {
@PAGES@@SNAPSHOT@        end_snapshot();
@PAGES@        if (--copy->users == 0 && !copy->is_listed) drop(copy);
@PAGES@        bool is_idle = residences == 0;
@PAGES@        for (char *at = nullptr; Held *each = next_held(at);) is_idle &= each->users == 0;
@PAGES@        if (is_idle) release();
@PAGES@    }
    ByteMirror(const ByteMirror &) = delete;
@FILLS@    void in() { copy->fill(first, last); }
    void out() {  // later, when the host looks
        if (!copy->joins(first, last)) copy->fetch();
@ROWS@        copy->write(shape);
        copy->renew(first, last);
        copy->see(first, last);
@PARTS@        copy->asked = 0;
@NEWER@        copy->favours = 0;
        if (!copy->is_listed)  // others of this region may stay
@!ROWS@            for (char *at = first; Held *each = next_held(at, last);) each->take(*copy, first, last);
@ROWS@            for (char *at = first; Held *each = next_held(at, last);) each->take(*copy, shape);
@WATCH@        for (Watched *each = watched; each; each = each->outer)
@WATCH@            if (each->first < last && first < each->last) copy->fetch(each->first, each->last);
    }
};
template <class T> struct Mirror : ByteMirror {  // of `count` elements
    T *device = (T *)copy->at(first);
@!ROWS@    Mirror(const void *host, size_t count, int line, size_t alignment = alignof(T), bool stays = true)
@!ROWS@        : ByteMirror(host, count * sizeof(T), line, alignment, stays) {}
@ROWS@    Mirror(const void *host, size_t count, int line, size_t alignment = alignof(T), bool stays = true, size_t pitch = 0, size_t width = 0, bool is_loose = false, size_t plane = 0, size_t rows = 0)
@ROWS@        : ByteMirror(Shape((char *)host, count * sizeof(T), pitch * sizeof(T), width * sizeof(T), is_loose, plane * sizeof(T), rows), count * sizeof(T), line, alignment, stays) {}
@SNAPSHOT@    void snapshot() { device = (T *)snapshot_bytes(); }  // kernels go on reading what is there now
@METHODS@};
@STAYS@struct Residence {
@STAYS@    bool is_over = false;
@STAYS@    Residence() { residences++; }
@STAYS@    ~Residence() { end(); }
@STAYS@    Residence(const Residence &) = delete;
@STAYS@@!SPARE@    void end() { if (!is_over && --residences == 0) release(); is_over = true; }
@SPARE@    void end() { if (!is_over && --residences == 0) release(), empty(); is_over = true; }
@LAST@    void discard() {  // nobody looks at memory any more
@LAST@        if (residences == 1)
@LAST@            for (char *at = nullptr; Held *each = next_held(at);) each->newer = each->newer_end = each->first;
@LAST@        end();
@LAST@    }
@STAYS@};
@STAYS@struct Apart {  // for one scope, the host works with memory as if there were no device
@STAYS@    bool is_needed;
@STAYS@    int outside = residences;
@STAYS@    Apart(bool needed = true) : is_needed(needed) { if (is_needed) release(), residences = 0; }
@STAYS@    ~Apart() { if (is_needed) release(), residences = outside; }
@STAYS@    Apart(const Apart &) = delete;
@STAYS@};
