inline void freed(const volatile void *object) {  // about to end, so that nothing of it goes home
    if (!object) return;
    auto first = (char *)object, last = first + usable_bytes(object);
    if (first == last) return release();
    for (char *at = first; Held *each = next_held(at, last);) {
        if (first <= each->first && each->last <= last) each->newer = each->newer_end = each->first;
        drop(each);
    }
}
