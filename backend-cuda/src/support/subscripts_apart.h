// The subscripts of an array that a loop is about to use: what lies between those of one iteration should be used by it alone.
struct SubscriptsApart : Subscripts {
    struct Span { long long first, last, by; };
    std::vector<Span> all;  // of each iteration
    void add(long long at, long long by) {
        Subscripts::add(at);
        if (all.empty() || all.back().by != by) return all.push_back({at, at, by});
        all.back().first = std::min(all.back().first, at), all.back().last = std::max(all.back().last, at);
    }
@KNOWN@    [[maybe_unused]] bool known(std::initializer_list<Range> read, std::initializer_list<long long> values) {
@KNOWN@        if (Subscripts::known(read, values)) return true;
@KNOWN@        all.clear();
@KNOWN@        return false;
@KNOWN@    }
@KNOWN@    bool apart() { return hold = apart_now(); }
@!KNOWN@    bool apart() {
@KNOWN@    bool apart_now() {
        if (!any()) return false;
        std::sort(all.begin(), all.end(), [](const Span &a, const Span &b) { return a.first < b.first; });
        Span seen = all[0];  // of one iteration
        for (const Span &next : all) {
            if (next.first <= seen.last && next.by != seen.by) return false;
            seen = {next.first, next.by == seen.by ? std::max(seen.last, next.last) : next.last, next.by};
        }
        return true;
    }
};
