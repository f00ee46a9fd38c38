// The subscripts of an array that a loop is about to use, each of which should be used by one iteration alone.
struct DifferentSubscripts : Subscripts {
    std::vector<long long> all;
    void add(long long at) {
        Subscripts::add(at);
        all.push_back(at);
    }
@KNOWN@    [[maybe_unused]] bool known(std::initializer_list<Range> read, std::initializer_list<long long> values) {
@KNOWN@        if (Subscripts::known(read, values)) return true;
@KNOWN@        all.clear();
@KNOWN@        return false;
@KNOWN@    }
@KNOWN@    bool differ() { return hold = differ_now(); }
@!KNOWN@    bool differ() {
@KNOWN@    bool differ_now() {
        if (!any()) return false;
        if ((size_t)(last - first) / 64 > all.size()) {
            std::sort(all.begin(), all.end());
            return std::adjacent_find(all.begin(), all.end()) == all.end();
        }
        std::vector<bool> seen((size_t)(last - first) + 1);
        for (long long at : all) {
            if (seen[(size_t)(at - first)]) return false;
            seen[(size_t)(at - first)] = true;
        }
        return true;
    }
};
