// Whether this process may read, and if asked write, all of a range; only Linux says (proc(5), /proc/pid/maps).
template <class T> bool accessible(T *from, size_t count, bool is_written) {
    auto at = (uintptr_t)from, end = at + count * sizeof(T);
    FILE *maps = count < (SIZE_MAX - at) / sizeof(T) ? fopen("/proc/self/maps", "r") : nullptr;
    if (!maps) return false;
    unsigned long low, high;
    char read, write;
    while (at < end && fscanf(maps, "%lx-%lx %c%c%*[^\n]", &low, &high, &read, &write) == 4) {
        if (at < low || (at < high && (read != 'r' || (is_written && write != 'w')))) break;
        if (at < high) at = high;
    }
    fclose(maps);
    return at >= end;
}
