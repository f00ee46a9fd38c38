inline void freed(const volatile void *object) {  // about to end, so that nothing of it goes home
    if (!object) return;
    auto first = (char *)object, last = first + usable_bytes(object);
    if (first == last) return release();
    each_held(first, last, [=](Held *each) {
        if (first <= each->first && each->last <= last) each->newer = each->newer_end = each->first;
        drop(each);
    });
}
