inline long long stamp(const Range &of) {  // which says what the bytes are as long as a copy has all of them; else another one each time
    auto first = (char *)of.begin, last = (char *)of.end;
    long long found = 0;
    for (char *at = first; Held *each = next_held(at, last);) {
@ROWS@        if (each->means(first, last))
@!LENT@        if (each->seen <= first && last <= each->seen_end) found = each->stamp;
@LENT@        if (each->seen <= first && last <= each->seen_end && each->lent.empty()) found = each->stamp;
    }
    return found ? found : ++stamps;
}
