// Whether no range of a list shares a byte with another one of it, or with one of others, except ranges that begin at the same byte.
inline bool disjoint_or_same(std::initializer_list<Range> ranges, std::initializer_list<Range> others = {}) {
    auto meet = [](const Range &a, const Range &b) { return a.begin != b.begin && a.begin < b.end && b.begin < a.end; };
    for (const Range &a : ranges) {
        for (const Range *b = &a + 1; b != ranges.end(); b++)
            if (meet(a, *b)) return false;
        for (const Range &b : others)
            if (meet(a, b)) return false;
    }
    return true;
}
