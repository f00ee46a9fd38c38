inline bool newer(std::initializer_list<Range> ranges) {  // whether the device has the newest values of some of these bytes
    for (const Range &range : ranges)
        for (Held *each = held; each; each = each->next)
            if (range.begin < (uintptr_t)each->newer_end && (uintptr_t)each->newer < range.end && each->newer < each->newer_end) return true;
    return false;
}
