inline bool newer(std::initializer_list<Range> ranges) {  // whether the device has the newest values of some of these bytes
    bool is_newer = false;
    for (const Range &range : ranges)
        for (char *at = (char *)range.begin; Held *each = next_held(at, (char *)range.end);)
            is_newer |= each->newer < each->newer_end && range.begin < (uintptr_t)each->newer_end && (uintptr_t)each->newer < range.end;
    return is_newer;
}
