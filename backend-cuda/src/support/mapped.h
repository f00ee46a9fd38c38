// Whether all of a range is mapped in ways that suit. Only Linux says (proc(5), /proc/pid/maps); elsewhere the answer is no.
template <class F> bool mapped(uintptr_t at, uintptr_t end, F suits) {
    FILE *maps = fopen("/proc/self/maps", "r");
    if (!maps) return false;
    unsigned long low, high, file;
    char way[5];
    while (at < end && fscanf(maps, "%lx-%lx %4s %*s %*s %lu%*[^\n]", &low, &high, way, &file) == 4) {
        if (at < low || (at < high && !suits(way, file))) break;
        if (at < high) at = high;
    }
    fclose(maps);
    return at >= end;
}
