// Whether the device has the newest values of some of these bytes, which are not just read again and again: those go home.
inline bool newer(std::initializer_list<Range> ranges) {
    bool is_newer = false;
    for (const Range &range : ranges)
        for (char *at = (char *)range.begin; Held *each = next_held(at, (char *)range.end);)
            if (each->newer < each->newer_end && range.begin < (uintptr_t)each->newer_end && (uintptr_t)each->newer < range.end)
                is_newer |= ++each->favours <= 16;
    return is_newer;
}
