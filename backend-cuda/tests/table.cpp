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
#include <utility>
#include <vector>

#include <cuda_runtime.h>

static int live, copies;  // device memories, and copies between host and device
template <class T> static cudaError_t counted_malloc(T **p, size_t n) { live++; return cudaMalloc(p, n); }
static cudaError_t counted_free(void *p) { live--; return cudaFree(p); }
static cudaError_t counted_memcpy(void *to, const void *from, size_t n, cudaMemcpyKind way) {
    copies += way != cudaMemcpyDeviceToDevice;
    return cudaMemcpy(to, from, n, way);
}
#define cudaMalloc counted_malloc
#define cudaFree counted_free
#define cudaMemcpy counted_memcpy
#define MUPAC_CHECK(call, line) ((void)(line), (void)(call))
namespace mupac {
#include "held.h"
}

typedef unsigned char byte;
static const int SIZE = 96;
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

struct Access { int first, last, alignment; bool is_in, is_out, is_look; };

// Buffers of which none writes what another has.
static std::vector<Access> accesses() {
    std::vector<Access> all;
    for (int tries = 1 + below(4); tries > 0; tries--) {
        int first = below(SIZE - 1), last = first + 1 + below(SIZE - first);
        bool is_out = below(2), is_in = is_out ? below(2) : below(8), is_free = true;
        for (const Access &other : all)
            if (first < other.last && other.first < last && (is_out || other.is_out)) is_free = false;
        if (is_free) all.push_back({first, last, below(2) ? 4 : 1, is_in, is_out, is_in && !is_out && below(3) == 0});
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
        mirrors.push_back(each.is_look ? new mupac::Look<byte>(first, count, 1, each.alignment) : new mupac::Mirror<byte>(first, count, 1, each.alignment));
    }
    for (size_t i = 0; i < all.size(); i++)
        if ((size_t)mirrors[i]->device % all[i].alignment != 0) fail("a copy is not aligned");
    for (size_t i = 0; i < all.size(); i++)
        if (all[i].is_in) mirrors[i]->in();
    size_t bytes = 1 + (size_t)below(3);
    void *sums = mupac::allocate(bytes, 1);
    memset(sums, 0, bytes);
    mupac::give(sums, bytes, 1);
    byte seen = 0, expected = 0;
    for (size_t i = 0; i < all.size(); i++)
        for (int at = all[i].first; at < all[i].last; at++)
            if (all[i].is_in && !all[i].is_out) {
                seen = seen * 31 + mirrors[i]->device[at - all[i].first];
                expected = expected * 31 + truth[at];
            }
    if (seen != expected) fail("a kernel reads an older value");
    for (size_t i = 0; i < all.size(); i++)
        for (int at = all[i].first; at < all[i].last && all[i].is_out; at++) {
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
    int count = below(40), from = below(SIZE - count), to = below(SIZE - count);
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
    for (int i = 0; i < count; i++)
        if (memcmp(memory + first[i], truth + first[i], (size_t)(last[i] - first[i])) != 0) fail("the host reads an older value of a part");
    for (int i = 0; i < count && is_written; i++)
        for (int at = first[i]; at < last[i]; at++)
            if (below(2)) memory[at] = truth[at] = (byte)below(256);
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
    switch (below(13)) {
        case 0: mupac::fetch(); compare("the host reads an older value"); break;
        case 1: mupac::release(); compare("the host writes over an older value"); host_writes(); break;
        case 2: mupac::release(); renew(); break;
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

int main() {
    memory = (byte *)calloc(SIZE, 1);
    for (int seed = 1; seed <= 4000; seed++) {
        state = seed;
        work(3, false);
        if (live != 0) fail("device memory is left");
        if (mupac::residences != 0 || mupac::held) fail("a stay is left");
    }
    copies_once();
    sends_once();
    parts_stay();
    looks_leave_nothing();
    free(memory);
}
