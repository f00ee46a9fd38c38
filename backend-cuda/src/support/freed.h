inline void freed(const volatile void *object) {  // about to end, so that nothing of it goes home
    auto first = (char *)object, last = first + malloc_usable_size((void *)object);
    for (Held *each = held, *next; each; each = next) {
        next = each->next;
        if (last <= each->first || each->last <= first) continue;
        if (first <= each->first && each->last <= last) each->newer = each->newer_end = each->first;
        drop(each);
    }
}
