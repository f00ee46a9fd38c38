// Whether all of a range is mapped in ways that suit. Only Linux says: all mappings at once (proc(5), /proc/pid/maps) or, since
// 6.11, which one holds an address (PROCMAP_QUERY of linux/fs.h); elsewhere the answer is no.
extern "C" int ask_maps(int maps, unsigned long request, ...) __asm__("ioctl");
template <class F> bool mapped(uintptr_t at, uintptr_t end, F suits) {
    FILE *maps = fopen("/proc/self/maps", "r");
    if (!maps) return false;
    unsigned long low, high, file;
    char way[5] = "---p";
    auto next = [&] {  // the mapping that holds the address or comes next; or one after the other
        uint64_t asked[13] = {sizeof asked, 0x10, at};  // size, query_flags, query_addr; PROCMAP_QUERY_COVERING_OR_NEXT_VMA
        if (ask_maps(fileno(maps), 0xc0686611, asked) != 0)
            return fscanf(maps, "%lx-%lx %4s %*s %*s %lu%*[^\n]", &low, &high, way, &file) == 4;
        auto flags = asked[5];  // after vma_start and vma_end; before vma_page_size, vma_offset and inode
        low = asked[3], high = asked[4], file = asked[8];
        way[0] = flags & 1 ? 'r' : '-', way[1] = flags & 2 ? 'w' : '-', way[3] = flags & 8 ? 's' : 'p';
        return true;
    };
    while (at < end && next()) {
        if (at < low || (at < high && !suits(way, file))) break;
        if (at < high) at = high;
    }
    fclose(maps);
    return at >= end;
}
