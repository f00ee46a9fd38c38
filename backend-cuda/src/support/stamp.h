inline long long stamp(const Range &of) {  // which says what the bytes are as long as a copy has all of them; else another one each time
    auto first = (char *)of.begin, last = (char *)of.end;
    for (Held *each = held; each; each = each->next)
@ROWS@        if (each->means(first, last))
@!LENT@        if (each->seen <= first && last <= each->seen_end) return each->stamp;
@LENT@        if (each->seen <= first && last <= each->seen_end && each->lent.empty()) return each->stamp;
    return ++stamps;
}
