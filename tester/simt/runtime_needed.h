// How many of the bytes that go between host and device had to, at least.
//
// A byte had to go to the device if a kernel read it there, and the device had not had its value before: neither an earlier
// copy nor a kernel had put the same value behind the same byte of the host. A byte had to come back if a kernel wrote it
// and the host looked at it before it was brought again; what is left at the end counts as looked at. Library functions
// read without telling anybody, so that more may have been needed: the numbers are lower bounds.
// Only runs of whole programs are followed, and copies of one row: a later row takes the place of the one before.

namespace mupac_simt {

static bool counts_needed = false;
static unsigned long long needed_in = 0, needed_out = 0;
// How many different bytes of the host were copied at all, however often.
static unsigned long long distinct_in = 0, distinct_out = 0;

// Of a byte of the device.
const unsigned char is_new = 1;      // a copy put a value there that the device lacked, and no kernel has read it
const unsigned char is_changed = 2;  // a kernel wrote it, and no copy has brought it home
const unsigned char is_had = 4;      // a copy put a value there that the device had before, and no kernel has read it
// Of a byte of the host.
const unsigned char is_known = 1;    // the device has, or had, this value
const unsigned char is_awaited = 2;  // it came from the device, and the host has not looked at it
const unsigned char was_sent = 4;    // a copy took it to the device
const unsigned char was_brought = 8; // a copy brought it from there

struct HostPage {
    uintptr_t number;
    unsigned char states[page_bytes], values[page_bytes];
    HostPage *next;
};
const size_t most_chains = (size_t)1 << 16;
static HostPage *host_pages[most_chains];
static uintptr_t host_begin = UINTPTR_MAX, host_end = 0;  // the bytes with a page lie between

static HostPage *find_host_page(uintptr_t address) {
    static HostPage *latest = 0;
    uintptr_t number = address / page_bytes;
    if (latest && latest->number == number) return latest;
    HostPage *page = host_pages[number % most_chains];
    while (page && page->number != number) page = page->next;
    if (page) latest = page;
    return page;
}

static HostPage *make_host_page(uintptr_t address) {
    if (HostPage *known = find_host_page(address)) return known;
    HostPage *page = (HostPage *)zeroed_block(sizeof(HostPage));
    page->number = address / page_bytes;
    page->next = host_pages[page->number % most_chains];
    host_pages[page->number % most_chains] = page;
    if (address < host_begin) host_begin = page->number * page_bytes;
    if (address >= host_end) host_end = (page->number + 1) * page_bytes;
    return page;
}

static bool has_moved_bytes(const Region &region) { return counts_needed && !region.is_shared && is_in_arena(region.base) && region.home == device_home; }

static unsigned char *moved_bytes(Region &region) {
    if (!region.moved) region.moved = (unsigned char *)zeroed_block(region.bytes);
    return region.moved;
}

// What a copy put there is gone and no kernel has read it: the device never had it.
static void forget_new(Region &region, size_t offset, size_t bytes) {
    for (size_t i = offset; i < offset + bytes; i++) {
        if (!(region.moved[i] & is_new)) continue;
        uintptr_t host = (uintptr_t)region.origin + i;
        if (HostPage *page = find_host_page(host)) page->states[host % page_bytes] &= (unsigned char)~is_known;
    }
}

static void note_kernel(Region &region, size_t offset, size_t bytes, bool is_read, bool is_written) {
    unsigned char *moved = moved_bytes(region) + offset;
    if (is_read) {
        unsigned long long copied = 0, fresh = 0;
        for (size_t i = 0; i < bytes; i++) {
            copied += (moved[i] & (is_new | is_had)) != 0;
            fresh += moved[i] & is_new;
            moved[i] &= is_changed;
        }
        // A number goes as a whole, whichever of its bytes differ.
        needed_in += fresh ? copied : 0;
    }
    if (!is_written) return;
    forget_new(region, offset, bytes);
    memset(moved, is_changed, bytes);
}

// `bytes` went from the host's `from` to a region, where their values are by now.
static void note_copy_in(Region &region, size_t offset, const char *from, size_t bytes) {
    unsigned char *moved = moved_bytes(region);
    forget_new(region, offset, bytes);
    region.origin = from - offset;
    for (size_t i = 0; i < bytes; i++) {
        uintptr_t host = (uintptr_t)from + i;
        HostPage *page = make_host_page(host);
        unsigned char &state = page->states[host % page_bytes], &value = page->values[host % page_bytes];
        unsigned char now = (unsigned char)region.base[offset + i];
        moved[offset + i] = (state & is_known) && value == now ? is_had : is_new;
        distinct_in += !(state & was_sent);
        state |= is_known | was_sent;
        value = now;
    }
}

// `bytes` went from a region to the host's `to`.
static void note_copy_out(Region &region, size_t offset, const char *to, size_t bytes) {
    unsigned char *moved = moved_bytes(region);
    for (size_t i = 0; i < bytes; i++) {
        uintptr_t host = (uintptr_t)to + i;
        HostPage *page = make_host_page(host);
        unsigned char &state = page->states[host % page_bytes];
        page->values[host % page_bytes] = (unsigned char)region.base[offset + i];
        distinct_out += !(state & was_brought);
        state |= was_brought;
        if (!(moved[offset + i] & is_new)) state |= is_known;
        if (moved[offset + i] & is_changed) state |= is_awaited;
        moved[offset + i] &= (unsigned char)~is_changed;
    }
}

static void note_copy_inside(Region &to, size_t to_offset, Region &from, size_t from_offset, size_t bytes) {
    forget_new((moved_bytes(to), to), to_offset, bytes);
    memmove(to.moved + to_offset, moved_bytes(from) + from_offset, bytes);
    if (from.origin) to.origin = from.origin + from_offset - to_offset;
}

static void note_fill(Region &region, size_t offset, size_t bytes) { note_kernel(region, offset, bytes, false, true); }

static void note_release(Region &region) {
    if (region.moved) forget_new(region, 0, region.bytes);
    delete_block(region.moved);
    region.moved = 0;
}

// Host code looks at its own memory, or writes it.
static void note_host(const char *p, size_t bytes, bool is_written) {
    if ((uintptr_t)p >= host_end || (uintptr_t)p + bytes <= host_begin) return;
    Entry entry;
    for (size_t i = 0; i < bytes; i++) {
        uintptr_t host = (uintptr_t)p + i;
        HostPage *page = find_host_page(host);
        if (!page) continue;
        unsigned char &state = page->states[host % page_bytes];
        needed_out += !is_written && (state & is_awaited);
        state &= (unsigned char)~is_awaited;
    }
}

static unsigned long long needed_to_device() { return needed_in; }
static unsigned long long distinct_to_device() { return distinct_in; }
static unsigned long long distinct_back() { return distinct_out; }

// At the end somebody looks at everything.
static unsigned long long needed_back() {
    unsigned long long left = 0;
    for (HostPage *chain : host_pages)
        for (HostPage *page = chain; page; page = page->next)
            for (unsigned char state : page->states) left += (state & is_awaited) != 0;
    return needed_out + left;
}

}  // namespace mupac_simt
