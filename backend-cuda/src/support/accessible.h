// Whether all of a range is memory that this process can read: private, and backed by no file, which might be shorter.
// Only Linux says (proc(5), /proc/pid/maps); elsewhere the answer is no.
template <class T> bool accessible(T *from, size_t count) {
    auto at = (uintptr_t)from, end = at + count * sizeof(T);
    FILE *maps = count < (SIZE_MAX - at) / sizeof(T) ? fopen("/proc/self/maps", "r") : nullptr;
    if (!maps) return false;
    unsigned long low, high, file;
    char read, write;
    while (at < end && fscanf(maps, "%lx-%lx %c%c%*s %*s %*s %lu%*[^\n]", &low, &high, &read, &write, &file) == 5) {
        if (at < low || (at < high && (read != 'r' || write != 'w' || file != 0))) break;
        if (at < high) at = high;
    }
    fclose(maps);
    return at >= end;
}
