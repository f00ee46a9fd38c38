// Random work with memory that has copies on the device, held against memory that has none.
//
// What regions, the host between them and stays may do is what the plan guarantees: buffers of one region share a byte
// only where none of them writes it, a buffer that is not copied in is written as a whole, and the host fetches before
// it reads and releases before it writes or frees.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include <cuda_runtime.h>

static int live, copies;  // device memories, and copies between host and device
template <class T> static cudaError_t counted_malloc(T **p, size_t n) { live++; return cudaMalloc(p, n); }
static cudaError_t counted_free(void *p) { live--; return cudaFree(p); }
static bool are_planes;    // whether rows may be those of planes
static void watch_copy(const void *host, size_t n, bool is_home);
static cudaError_t counted_memcpy(void *to, const void *from, size_t n, cudaMemcpyKind way) {
    copies += way != cudaMemcpyDeviceToDevice;
    if (way != cudaMemcpyDeviceToDevice) watch_copy(way == cudaMemcpyDeviceToHost ? to : from, n, way == cudaMemcpyDeviceToHost);
    return cudaMemcpy(to, from, n, way);
}
static cudaError_t counted_memcpy_2d(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, cudaMemcpyKind way) {
    for (size_t i = 0; i < height; i++) counted_memcpy((char *)to + i * to_pitch, (const char *)from + i * from_pitch, width, way);
    copies -= way == cudaMemcpyDeviceToDevice ? 0 : (int)height - 1;  // it is one
    return cudaSuccess;
}
#define cudaMalloc counted_malloc
#define cudaFree counted_free
#define cudaMemcpy counted_memcpy
#define cudaMemcpy2D counted_memcpy_2d
#define MUPAC_CHECK(call, line) ((void)(line), (void)(call))
namespace mupac {
#include "held.h"
}

typedef unsigned char byte;
#ifdef ROWS
// Behind the first array stand rows of two tables in turns, 16 bytes apart: of each 16 the first 6 belong to a row of one, 6 from
// the eighth on to one of the other, and the rest to others, who write it whenever they like. Rows that are not allocated yet
// belong to others, too.
static const int PLAIN = 32, SIZE = PLAIN + 96;
static bool is_there[SIZE / 8];
static bool is_foreign(int at) { return at >= PLAIN && (at % 8 >= 6 || !is_there[at / 8]); }
// Where an object ends.
static int end_of(int at) { return at < PLAIN ? PLAIN : at / 8 * 8 + 6; }
#else
static const int SIZE = 96;
static bool is_foreign(int) { return false; }
static int end_of(int) { return SIZE; }
#endif
static byte *memory;        // what the program has
static byte truth[SIZE];    // what it would have without a device
static unsigned state;
static int below(int n) { state = state * 1664525u + 1013904223u; return (int)((state >> 8) % (unsigned)n); }

static void fail(const char *what) {
    printf("%s\n", what);
    exit(1);
}
static void compare(const char *when) {
    if (memcmp(memory, truth, SIZE) != 0) fail(when);
}

static bool may_be_loose;  // whether copies may hold what stands behind the ends of rows
static void watch_copy(const void *host, size_t n, bool is_home) {
    for (size_t i = 0; i < n; i++) {
        int at = (int)((const byte *)host + i - memory);
        if (is_foreign(at) && is_home) fail("what belongs to others is written");
        if (is_foreign(at) && !may_be_loose) fail("what belongs to others is read");
    }
}

// Memory of rows is allocated; where nothing has a copy, some of it may have been freed.
static void allocate_rows(bool is_new) {
#ifdef ROWS
    for (bool &each : is_there) each = (each && !is_new) || below(is_new ? 3 : 8) == 0;
#endif
}

// Others write what is theirs.
static void foreign() {
    for (int at = 0; at < SIZE; at++)
        if (is_foreign(at)) memory[at] = truth[at] = (byte)below(256);
}

struct Access {
    int first, last, alignment; bool is_in, is_out, is_look;
    int pitch, width, used;  // how much of the width is the row's own
    int plane, rows;  // how far planes of so many rows lie apart
    bool is_in_row(int at, int length) const { return (at - first) % plane / pitch < rows && (at - first) % plane % pitch < length; }
    bool is_meant(int at) const { return is_in_row(at, width); }
    bool is_used(int at) const { return is_in_row(at, used); }
};

static bool share(const Access &a, const Access &b) {
    for (int at = a.first; at < a.last; at++)
        if (a.is_meant(at) && b.first <= at && at < b.last && b.is_meant(at)) return true;
    return false;
}

static Access access() {
    int first = below(SIZE - 1);
    while (is_foreign(first)) first = below(SIZE - 1);
    int last = first + 1 + below(end_of(first) - first);
    bool is_out = below(2), is_in = below(is_out ? 2 : 3);
    bool is_look = is_in && !is_out && below(3) == 0;
    int length = last - first;
#ifdef ROWS
    if (below(3) != 0 && first >= PLAIN) {
        int pitch = below(3) ? 16 : 32, most = (SIZE - first - length) / pitch, rows = 1 + below(most + 1);
        bool is_loose = may_be_loose && !is_out && below(2);
        int width = is_loose ? length + below(pitch - length) : length, plane = SIZE, planes = 1;
        if (are_planes && below(2)) rows = 1 + below(std::min(3, rows)), plane = rows * pitch + 8 * below(4), planes = 1 + below(1 + (SIZE - first - (rows - 1) * pitch - length) / plane);
        last = first + (planes - 1) * plane + (rows - 1) * pitch + width;
        if (last > SIZE) last -= width - length, width = length;
        for (int i = 0; i < planes; i++)
            for (int j = 0; j < rows; j++)
                if (is_foreign(first + i * plane + j * pitch)) return access();
        return {first, last, below(4) ? 1 : 4, is_in, is_out, false, pitch, width, length, plane, rows};
    }
    if (is_look && may_be_loose) last = std::min(SIZE, last + below(8));
#endif
    return {first, last, below(2) ? 4 : 1, is_in, is_out, is_look, last - first, last - first, length, last - first, 1};
}

// Buffers of which none writes what another has.
static std::vector<Access> accesses() {
    std::vector<Access> all;
    for (int tries = 1 + below(4); tries > 0; tries--) {
        Access fresh = access();
        bool is_free = true;
        for (const Access &other : all)
            if ((fresh.is_out || other.is_out) && share(fresh, other)) is_free = false;
        if (is_free) all.push_back(fresh);
    }
    return all;
}

// A region: its copies, its launch, its copies back.
static void region() {
    std::vector<Access> all = accesses();
    int by = below(200);
    std::vector<mupac::Mirror<byte> *> mirrors;
    for (const Access &each : all) {
        byte *first = memory + each.first;
        size_t count = each.last - each.first;
#ifdef ROWS
        if (each.pitch > each.last - each.first || each.width < each.pitch) {
            mirrors.push_back(each.plane < SIZE
                ? new mupac::RowMirror<byte>(first, count, 1, each.pitch, each.width, each.width > each.used, each.plane, each.rows, each.alignment)
                : new mupac::RowMirror<byte>(first, count, 1, each.pitch, each.width, each.width > each.used, each.alignment));
            continue;
        }
#endif
        mirrors.push_back(each.is_look ? new mupac::Look<byte>(first, count, 1, each.alignment) : new mupac::Mirror<byte>(first, count, 1, each.alignment));
    }
    for (size_t i = 0; i < all.size(); i++)
        if ((size_t)mirrors[i]->device % all[i].alignment != 0) fail("a copy is not aligned");
    for (size_t i = 0; i < all.size(); i++)
        if (all[i].is_in) mirrors[i]->in();
    size_t bytes = 1 + 200 * (size_t)below(6);
    void *sums = mupac::allocate(bytes, 1);
    memset(sums, 0, bytes);
    mupac::give(sums, bytes, 1);
    byte seen = 0, expected = 0;
    for (size_t i = 0; i < all.size(); i++)
        for (int at = all[i].first; at < all[i].last; at++)
            if (all[i].is_in && !all[i].is_out && all[i].is_used(at)) {
                seen = seen * 31 + mirrors[i]->device[at - all[i].first];
                expected = expected * 31 + truth[at];
            }
    if (seen != expected) fail("a kernel reads an older value");
    for (size_t i = 0; i < all.size(); i++)
        for (int at = all[i].first; at < all[i].last && all[i].is_out; at++) {
            if (!all[i].is_used(at)) continue;
            byte &there = mirrors[i]->device[at - all[i].first];
            there = (byte)(all[i].is_in ? there * 3 + by : at * 7 + by);
            truth[at] = (byte)(all[i].is_in ? truth[at] * 3 + by : at * 7 + by);
        }
    for (size_t i = 0; i < all.size(); i++)
        if (all[i].is_out) mirrors[i]->out();
    while (!mirrors.empty()) delete mirrors.back(), mirrors.pop_back();
}

// What the host copies from place to place.
static void moves() {
    int from = below(SIZE), to = below(SIZE), count = below(40);
    while (is_foreign(from)) from = below(SIZE);
    while (is_foreign(to)) to = below(SIZE);
    count = std::min({count, end_of(from) - from, end_of(to) - to});
    if (!mupac::moved(memory + to, memory + from, (size_t)count)) memmove(memory + to, memory + from, (size_t)count);
    memmove(truth + to, truth + from, (size_t)count);
}

static void host_writes() {
    for (int i = below(SIZE), n = 0; i < SIZE && n < 5; i++, n++) memory[i] = truth[i] = (byte)below(256);
}

// The host reads, or writes, some elements; all of which it writes it may read as well.
static void part(bool is_written) {
    int first[2], last[2], count = 1 + below(2);
    for (int i = 0; i < count; i++) {
        first[i] = below(SIZE), last[i] = first[i] + 1 + below(below(2) ? 4 : SIZE - first[i]);
        if (last[i] > SIZE) last[i] = SIZE;
        if (is_written) mupac::release(memory + first[i], (size_t)(last[i] - first[i]));
        else mupac::fetch(memory + first[i], (size_t)(last[i] - first[i]));
    }
    foreign();
    for (int i = 0; i < count; i++)
        if (memcmp(memory + first[i], truth + first[i], (size_t)(last[i] - first[i])) != 0) fail("the host reads an older value of a part");
    for (int i = 0; i < count && is_written; i++)
        for (int at = first[i]; at < last[i]; at++)
            if (below(2) && !is_foreign(at)) memory[at] = truth[at] = (byte)below(256);
}

// The same memory or other, as `free` and `malloc` may have it; what it holds is new in any case.
static void renew() {
    byte *fresh = below(2) ? memory : (byte *)malloc(SIZE);
    if (fresh != memory) free(memory);
    memory = fresh;
    for (int i = 0; i < SIZE; i++) memory[i] = truth[i] = (byte)(i + below(9));
}

static void work(int depth, bool is_staying);

// What the host may read at any time while these last, each if the memory is where it was; the innermost last.
struct Seen { byte *memory; int first, count; };
static std::vector<Seen> watches;
static void look() {
    for (const Seen &each : watches)
        if (each.memory == memory && memcmp(memory + each.first, truth + each.first, each.count) != 0)
            fail("the host reads an older value of what it watches");
}

static void stretch(int depth, bool is_staying) {
    foreign();
    if (below(4) == 0) allocate_rows(false);
    switch (below(13)) {
        case 0: mupac::fetch(); compare("the host reads an older value"); break;
        case 1: mupac::release(); compare("the host writes over an older value"); host_writes(); break;
        case 2: mupac::release(); allocate_rows(true), renew(); break;
        case 3: if (depth > 0) {
            mupac::Residence stay;
            work(depth - 1, true);
            if (below(2)) stay.end();
        } break;
        case 4: if (depth > 0) {  // what is called may have stays of its own
            mupac::Apart apart;
            compare("what runs alone reads an older value");
            host_writes();
            work(depth - 1, false);
            compare("what runs alone leaves an older value");
            host_writes();
        } break;
        case 5: if (depth > 0) {
            int first = below(SIZE), count = 1 + below(SIZE - first);
            mupac::Watch watch(memory + first, (size_t)count);
            watches.push_back({memory, first, count});
            look();
            work(depth - 1, is_staying);
            watches.pop_back();
        } break;
        case 6: part(true); break;
        case 7: part(false); break;
        case 8: moves(); break;
        default: region();
    }
    look();
    if (!is_staying) compare("outside of stays the host has an older value");
}

static void work(int depth, bool is_staying) {
    for (int n = below(12); n > 0; n--) stretch(depth, is_staying);
}

#ifndef ROWS
// Two regions over one array while a stay lasts: in once, out once.
static void copies_once() {
    copies = 0;
    {
        mupac::Residence stay;
        for (int t = 0; t < 5; t++) {
            mupac::Mirror<byte> all(memory, SIZE, 1);
            all.in();
            all.out();
        }
    }
    if (copies != 2) fail("copies are made again");
}

// What a kernel wrote, and what the device has beside it, is not sent again when the host has looked at a part.
static void sends_once() {
    mupac::Residence stay;
    auto region = [](int first, int last, bool is_in) {
        mupac::Mirror<byte> some(memory + first, last - first, 1);
        if (is_in) some.in();
        else some.out();
    };
    region(0, SIZE, false);
    mupac::fetch(memory, SIZE / 2);
    copies = 0;
    region(0, SIZE, true);
    if (copies != 0) fail("what the host has looked at is sent again");
    mupac::release();
    mupac::hold((char *)memory, (char *)memory + SIZE, 1, 1)->users--;
    region(0, SIZE / 2, true), region(SIZE - 2, SIZE, false);
    copies = 0;
    region(0, SIZE / 2, true);
    if (copies != 0) fail("what is there already is sent again");
}

// Parts of one array, of which each has some that the other has not, are one copy: what is there is not sent again, and
// what one has that is newer does not go home for the other.
static void parts_stay() {
    copies = 0;
    {
        mupac::Residence stay;
        auto region = [](int first, int count) {
            mupac::Mirror<byte> some(memory + first, count, 1);
            some.in();
            some.out();
        };
        for (int t = 0; t < 5; t++) region(0, SIZE - 8), region(8, SIZE - 8);
        mupac::fetch();
        region(0, 8), region(SIZE - 8, 8);
    }
    if (copies != 4) fail("parts of one array are copied in turns");
}

// A copy of more than the program touches does not stay, or what others change there would be older on the device.
static void looks_leave_nothing() {
    mupac::Residence stay;
    { mupac::Look<byte> some(memory, SIZE, 1); some.in(); }
    memory[SIZE - 1]++;
    mupac::Mirror<byte> all(memory, SIZE, 1);
    all.in();
    if (all.device[SIZE - 1] != memory[SIZE - 1]) fail("a copy of more than the program touches stays");
}
#else
// Tables whose rows were allocated in turns are one copy, also where they are swapped: after the first steps nothing is copied.
static void rows_rest(byte *u, byte *v, bool are_swapped) {
    mupac::Residence stay;
    for (int t = 0; t < 8; t++) {
        if (t == 4) copies = 0;
        mupac::RowMirror<byte> read(u + 17, 3 * 16 + 4, 1, 16, 4, false), written(v, 5 * 16 + 6, 1, 16, 6, false);
        read.in();
        written.out();
        if (are_swapped) std::swap(u, v);
    }
    if (copies != 0) fail("rows are copied at every step");
}

// Around what a kernel writes of rows that are known, but not there yet, is what the host has.
static void rows_are_filled(int pitch, int width) {
    mupac::Residence stay;
    byte *u = memory + PLAIN;
    const size_t count = 4 * 16 + 6;
    { mupac::RowMirror<byte> all(u, count, 1, 16, 6, false); }
    { mupac::RowMirror<byte> some(u, 4 * 16 + width, 1, pitch, width, false); memset(some.device, 0, width), some.out(); }
    mupac::RowMirror<byte> all(u, count, 1, 16, 6, false);
    all.in();
    if (all.device[5] != (width > 5 ? 0 : u[5]) || all.device[16] != u[16]) fail("rows are not filled");
}

struct Box { size_t planes, plane, rows; };
static mupac::RowMirror<byte> *planes_at(byte *u, Box box) {
    return new mupac::RowMirror<byte>(u, (box.planes - 1) * box.plane + (box.rows - 1) * 16 + 6, 1, 16, 6, false, box.plane, box.rows);
}

// The same of planes, of which a kernel writes some, or some rows.
static void planes_are_filled(Box all, Box some, int at) {
    mupac::Residence stay;
    byte *u = memory + PLAIN;
    delete planes_at(u, all);
    auto written = planes_at(u, some);
    memset(written->device, 0, 6), written->out(), delete written;
    auto known = planes_at(u, all);
    known->in();
    if (known->device[at] != u[at]) fail("planes are not filled");
    delete known;
}

// Rows and planes hold no planes that begin between them.
static void planes_know_no_others(Box known, Box others, int at) {
    mupac::Residence stay;
    byte *u = memory + PLAIN;
    auto first = planes_at(u, known);
    first->in(), delete first;
    u[at]++;
    auto last = planes_at(u, others);
    last->in();
    if (last->device[at] != u[at]) fail("a plane is not there");
    delete last;
}

// What takes the place of a part of a copy, since that has to be aligned otherwise, knows nothing of the rest.
static void parts_know_nothing() {
    mupac::Residence stay;
    byte *u = memory + PLAIN, *v = u + 8;
    auto all = [u] { return new mupac::RowMirror<byte>(u, 4 * 16 + 6, 1, 16, 6, false); };
    auto first = all();
    first->in(), delete first;
    { mupac::Mirror<byte> some(u + 1, 2, 1, 4); some.in(); }
    { mupac::RowMirror<byte> others(v + 16, 3 * 16 + 6, 1, 16, 6, false); others.in(); }
    auto last = all();
    last->in();
    if (last->device[32] != u[32]) fail("a row is not there");
    delete last;
}

// Nor does a copy of more than the program touches stay that lies between rows.
static void looks_between_rows_leave_nothing() {
    mupac::Residence stay;
    byte *u = memory + PLAIN, *v = u + 8;
    mupac::RowMirror<byte> rows(u, 4 * 16 + 6, 1, 16, 6, false);
    rows.in();
    { mupac::Look<byte> some(v, 6, 1); some.in(); }
    v[5]++;
    mupac::Mirror<byte> all(v, 6, 1);
    all.in();
    if (all.device[5] != v[5]) fail("a copy of more than the program touches stays");
}

// What stands behind the ends of rows in a copy may be allocated meanwhile, and is then another array.
static void loose_rows_vouch_for_themselves(int rows) {
    mupac::Residence stay;
    byte *u = memory + PLAIN, *v = u + 8;
    mupac::RowMirror<byte> loose(u, (rows - 1) * 16 + 14, 1, 16, 14, true);
    loose.in();
    v[0]++;
    mupac::Mirror<byte> other(v, 6, 1);
    other.in();
    if (other.device[0] != v[0]) fail("what stands behind the ends of rows is not sent");
}

// What lies between rows is not moved on the device, where a look at rows would not find it: pointers to them may lie there.
static void moves_leave_what_lies_between() {
    mupac::Residence stay;
    byte *u = memory + PLAIN, *v = u + 8;
    mupac::RowMirror<byte> rows(u, 4 * 16 + 6, 1, 16, 6, false);
    rows.in();
    if (mupac::moved(v + 16, v, 6)) fail("what lies between rows is moved");
    if (!mupac::moved(u + 16, u, 6)) fail("a row is not moved");
}
#endif

int main() {
    memory = (byte *)calloc(SIZE, 1);
    for (int seed = 1; seed <= 5000; seed++) {
        state = seed, are_planes = seed > 4000;
        may_be_loose = seed % 2;
        allocate_rows(true);
        work(3, false);
        if (live != 0) fail("device memory is left");
        if (mupac::residences != 0 || mupac::held) fail("a stay is left");
    }
#ifndef ROWS
    copies_once();
    sends_once();
    parts_stay();
    looks_leave_nothing();
#else
    memset(is_there, true, sizeof is_there);
    may_be_loose = true;
    rows_are_filled(16, 4), rows_are_filled(32, 6);
    planes_are_filled({4, 24, 1}, {2, 48, 1}, 24), planes_are_filled({2, 40, 2}, {2, 40, 1}, 16);
    planes_know_no_others({1, 80, 5}, {2, 24, 1}, 24), planes_know_no_others({3, 32, 1}, {2, 48, 1}, 48);
    looks_between_rows_leave_nothing(), parts_know_nothing(), moves_leave_what_lies_between();
    loose_rows_vouch_for_themselves(1), loose_rows_vouch_for_themselves(5);
    for (bool are_swapped : {false, true}) {
        rows_rest(memory + PLAIN, memory + PLAIN + 8, are_swapped);
        rows_rest(memory + PLAIN + 8, memory + PLAIN, are_swapped);
    }
#endif
    free(memory);
}
