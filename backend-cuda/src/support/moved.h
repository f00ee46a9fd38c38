inline bool moved(const volatile void *to, const volatile void *from, size_t count) {  // on the device what it has of both, and the rest here
    auto a = (char *)to, b = (char *)from;
    char *to_at = a, *from_at = b;
    Held *target = next_held(to_at, a + count), *source = next_held(from_at, b + count);
    bool are_apart = target && source && (b + count <= a || a + count <= b);
    auto first = are_apart ? std::max({target->first - a, source->first - b, (ptrdiff_t)0}) : 0;
    auto last = are_apart ? std::min({target->last - a, source->last - b, (ptrdiff_t)count}) : 0;
@ROWS@    if (first < last && (!target->means(a + first, a + last) || !source->means(b + first, b + last))) last = first;  // such as pointers to rows
    if (first >= last) return fetch(b, count), release(a, count), false;
    for (auto [begin, end] : {std::pair((ptrdiff_t)0, first), std::pair(last, (ptrdiff_t)count)}) {
        fetch(b + begin, end - begin), release(a + begin, end - begin);
        memcpy(a + begin, b + begin, end - begin);
    }
    Mirror<char> written(a + first, last - first, 0), read(b + first, last - first, 0);
    read.in();
    written.copy->move(written.device, read.device, last - first, cudaMemcpyDeviceToDevice);
    written.out();
    return true;
}
