// The subscripts of an array that a loop is about to use; no object has more elements than the limit.
struct Subscripts {
    static constexpr long long limit = 1LL << 47;
    long long first = LLONG_MAX, last = LLONG_MIN;
    void add(long long at) {
        if (at < first) first = at;
        if (at > last) last = at;
    }
    bool any() const { return -limit <= first && first <= last && last <= limit; }
};
