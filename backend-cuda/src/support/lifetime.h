struct Lifetime {  // of a variable that ends with its block: its copies go, and nobody asks for them
    char *first, *last;
    template <class T> Lifetime(T &object) : first((char *)&object), last(first + sizeof object) {}
@CALLED@    Lifetime(const char *object, size_t bytes) : first((char *)object), last(first + bytes) {}
    ~Lifetime() {
        for (char *at = first; Held *each = next_held(at, last);) {
            if (first <= each->first && each->last <= last) each->newer = each->newer_end = each->first;
            drop(each);
        }
    }
    Lifetime(const Lifetime &) = delete;
};
