// The subscripts of an array that a loop is about to use; no object has more elements than the limit.
struct Subscripts {
    static constexpr long long limit = 1LL << 47;
    long long first = LLONG_MAX, last = LLONG_MIN;
    void add(long long at) {
        first = at < first ? at : first;
        last = at > last ? at : last;
    }
    long long count() const { return last - first + 1; }
@!KNOWN@    bool any() const { return -limit <= first && first <= last && last <= limit; }
@KNOWN@    bool any() { return hold = -limit <= first && first <= last && last <= limit; }
@KNOWN@    bool hold = false;
@KNOWN@    std::vector<long long> then;  // by what they were found
@KNOWN@    bool known(std::initializer_list<Range> read, std::initializer_list<long long> values) {  // as they were when they were found
@KNOWN@        std::vector<long long> now = values;
@KNOWN@        for (const Range &each : read) now.insert(now.end(), {(long long)each.begin, (long long)each.end, stamp(each)});
@KNOWN@        if (hold && now == then) return true;
@KNOWN@        then = now, hold = false, first = LLONG_MAX, last = LLONG_MIN;
@KNOWN@        return false;
@KNOWN@    }
};
