// What regions and the host do when copies outlive regions; each test by its name. The device is a second heap.
#include <algorithm>
#include <atomic>
#include <climits>
#include <cstdint>
#include <fcntl.h>
#include <initializer_list>
#include <map>
#include <mutex>
#include <numeric>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <cuda_runtime.h>

static size_t device_bytes = 1 << 30, used_bytes = 0, bytes_in = 0, bytes_out = 0, allocations = 0;
static cudaError_t last_error = cudaSuccess;
static std::mutex one_at_a_time;
static cudaError_t limited_malloc(void **memory, size_t bytes) {
    std::lock_guard<std::mutex> lock(one_at_a_time);
    if (used_bytes + bytes > device_bytes) return last_error = cudaErrorUnknown;
    auto room = (size_t *)malloc(bytes + 16);
    memset(room, 0xa5, bytes + 16);
    *room = bytes, used_bytes += bytes, allocations++, *memory = room + 2;
    return cudaSuccess;
}
static cudaError_t counted_free(void *memory) {
    std::lock_guard<std::mutex> lock(one_at_a_time);
    auto room = (size_t *)memory - 2;
    used_bytes -= *room, free(room);
    return cudaSuccess;
}
static cudaError_t counted_memcpy(void *to, const void *from, size_t bytes, cudaMemcpyKind way) {
    std::lock_guard<std::mutex> lock(one_at_a_time);
    if (way != cudaMemcpyDeviceToDevice) (way == cudaMemcpyHostToDevice ? bytes_in : bytes_out) += bytes;
    return cudaMemcpy(to, from, bytes, way);
}
static cudaError_t forget_error() { return std::exchange(last_error, cudaSuccess); }
static cudaError_t cudaMemGetInfo(size_t *left, size_t *all) {
    *left = device_bytes - used_bytes, *all = device_bytes;
    return cudaSuccess;
}
#define cudaMalloc limited_malloc
#define cudaFree counted_free
#define cudaMemcpy counted_memcpy
#define cudaGetLastError forget_error
#define MUPAC_CHECK(call, line) ((void)(line), (call) == cudaSuccess ? (void)0 : abort())
namespace mupac { namespace {
#include "support.h"
}}

constexpr size_t page = 4096, bytes = 64 * page, count = bytes / sizeof(int);
static int failures = 0;
static void expect(bool is_so, const char *what, int line) {
    if (!is_so) failures++, printf("line %d: not so: %s\n", line, what);
}
#define EXPECT(what) expect(what, #what, __LINE__)

// What was copied while `f` ran.
struct Copied { size_t in, out, allocated; };
template <class F> Copied copied(F f) {
    size_t in = bytes_in, out = bytes_out, all = allocations;
    f();
    return {bytes_in - in, bytes_out - out, allocations - all};
}
static int *fresh(size_t size, int way = MAP_PRIVATE) {
    return (int *)mmap(nullptr, size, PROT_READ | PROT_WRITE, way | MAP_ANONYMOUS, -1, 0);
}
// A region that adds what it reads.
static long sum(const int *x, size_t n) {
    mupac::Mirror<int> x_d(x, n, 1);
    x_d.in();
    long all = 0;
    for (size_t i = 0; i < n; i++) all += x_d.device[i];
    return all;
}
// A region that changes what it reads.
static void increment(int *x, size_t n) {
    mupac::Mirror<int> x_d(x, n, 2);
    x_d.in();
    for (size_t i = 0; i < n; i++) x_d.device[i]++;
    x_d.out();
}
// A region that writes all.
static void set(int *x, size_t n, int value) {
    mupac::Mirror<int> x_d(x, n, 3);
    for (size_t i = 0; i < n; i++) x_d.device[i] = value;
    x_d.out();
}

static void nothing_written() {
    int *x = fresh(bytes);
    for (size_t i = 0; i < count; i++) x[i] = 1;
    Copied first = copied([&] { EXPECT(sum(x, count) == (long)count); });
    EXPECT(first.in == bytes);
    for (int k = 0; k < 10; k++) {
        Copied again = copied([&] { EXPECT(sum(x, count) == (long)count); });
        EXPECT(again.in == 0 && again.out == 0 && again.allocated == 0);
    }
}
static void one_element() {
    int *x = fresh(bytes);
    sum(x, count);
    for (size_t i = 0; i < count; i += 3 * count / 64) {
        x[i] = 7;
        Copied again = copied([&] { EXPECT(sum(x, count) == 7); });
        EXPECT(again.in == page);
        x[i] = 0;
        sum(x, count);
    }
}
static void results_go_home() {
    int *x = fresh(bytes);
    for (int k = 1; k < 6; k++) {
        Copied each = copied([&] { increment(x, count); });
        EXPECT(each.in == (k == 1 ? bytes : 0) && each.out == bytes);
        EXPECT(x[0] == k && x[count / 2] == k && x[count - 1] == k);
    }
    x[5] = 100;
    Copied each = copied([&] { increment(x, count); });
    EXPECT(each.in == page && x[5] == 101 && x[6] == 6);
}
static void written_before_read() {
    int *x = fresh(bytes);
    for (int k = 0; k < 5; k++) {
        Copied each = copied([&] { set(x, count, k); });
        EXPECT(each.in == 0 && each.out == bytes && x[0] == k && x[count - 1] == k);
    }
    Copied each = copied([&] { EXPECT(sum(x, count) == 4 * (long)count); });
    EXPECT(each.in == 0);
}
static void parts_of_pages() {
    auto x = (int *)((char *)fresh(bytes + 2 * page) + 100);
    auto before = (char *)x - 1, behind = (char *)(x + count);
    for (int k = 1; k < 6; k++) {
        *before = *behind = (char)k, x[0] += 10, x[count - 1] += 10;
        increment(x, count);
        EXPECT(x[0] == 11 * k && x[count - 1] == 11 * k && *before == k && *behind == k);
        Copied each = copied([&] { EXPECT(sum(x, count) == 20 * k + k * (long)count); });
        EXPECT(each.in < 2 * page);
    }
}
static void neighbours_in_a_page() {
    int *x = fresh(3 * bytes), *y = x + count + 8;
    for (int k = 1; k < 6; k++) {
        x[count - 1] = k, y[0] = k;
        EXPECT(sum(x, count) == k);
        EXPECT(sum(y, count) == k);
        y[0] = 2 * k;
        EXPECT(sum(x, count) == k);
        EXPECT(sum(y, count) == 2 * k);
    }
}
static void small_arrays() {
    int x[100] = {};
    for (int k = 1; k < 6; k++) {
        x[7] = k;
        EXPECT(sum(x, 100) == k);
    }
    EXPECT(allocations == 1);
    EXPECT(copied([&] { EXPECT(sum(x, 100) == 5); }).in == 0);
}
// What the host has again is not what the device has.
static void written_back() {
    int x[100] = {};
    EXPECT(sum(x, 100) == 0);
    set(x, 100, 5);
    for (int &each : x) each = 0;
    EXPECT(sum(x, 100) == 0);
    x[50] = 1;
    EXPECT(sum(x, 100) == 1);
    x[50] = 0;
    EXPECT(sum(x + 50, 10) == 0 && sum(x, 100) == 0);
    x[90] = 1;
    EXPECT(sum(x, 50) == 0 && sum(x, 100) == 1);
}
// A copy whose range meets that of another one of its region is nobody else's; what it changes the other has, too.
static void copies_that_meet() {
    int x[200] = {};
    EXPECT(sum(x, 120) == 0);
    {
        mupac::Mirror<int> low(x, 120, 5), high(x + 80, 120, 5);
        low.in(), high.in();
        for (int i = 0; i < 120; i++) high.device[i] = 3;
        high.out();
    }
    EXPECT(x[79] == 0 && x[80] == 3 && x[199] == 3);
    for (int &each : x) each = 0;
    EXPECT(sum(x, 120) == 0);
}
static void parts_of_a_copy() {
    int *x = fresh(bytes);
    sum(x, count);
    for (int k = 1; k < 4; k++) {
        x[1] = x[count - 1] = k;
        Copied each = copied([&] { EXPECT(sum(x, count / 2) == k); });
        EXPECT(each.in == page && each.allocated == 0);
        each = copied([&] { EXPECT(sum(x + count / 2, count / 2) == k); });
        EXPECT(each.in == page && each.allocated == 0);
    }
}
static void extents_that_differ() {
    int *x = fresh(bytes);
    for (int k = 0; k < 4; k++) {
        x[count / 2] = k;
        Copied each = copied([&] { EXPECT(sum(x + 1000, count - 1500) == k && sum(x, count - 1000) == k && sum(x + 500, count - 500) == k); });
        EXPECT(k < 2 || (each.in <= 3 * page && each.allocated == 0));
    }
    EXPECT(used_bytes == bytes);
    sum(x + count - 1000, 500), sum(x, 100);
    EXPECT(used_bytes == bytes);
}
static void alignment() {
    int *x = fresh(bytes);
    for (int first : {5, 0, 4, 2, 1}) {
        mupac::Mirror<int> all(x + first, count - 10, 6, 16);
        all.in();
        EXPECT((uintptr_t)all.device % 16 == 0);
    }
}
// Regions on ranges of any kind and writes of the host do what they do without a device.
static void any_ranges() {
    int *x = fresh(bytes);
    std::vector<int> same(count);
    unsigned long long seed = 1;
    auto any = [&](size_t most) { return (size_t)((seed = seed * 6364136223846793005u + 1442695040888963407u) >> 33) % most; };
    for (int k = 0; k < 5000; k++) {
        size_t first = any(8) ? any(4) * count / 4 : any(count), n = std::min(count - first, any(4) ? count / 4 : any(count) + 1);
        switch (any(4)) {
            case 0:
                increment(x + first, n);
                for (size_t i = 0; i < n; i++) same[first + i]++;
                break;
            case 1:
                set(x + first, n, k);
                for (size_t i = 0; i < n; i++) same[first + i] = k;
                break;
            case 2:
                EXPECT(sum(x + first, n) == std::accumulate(&same[first], &same[first] + n, 0L));
                break;
            default: x[first] = same[first] = k;
        }
        if (any(64) == 0) madvise(x, 8 * page, MADV_DONTNEED), std::fill(same.begin(), same.begin() + 8 * page / 4, 0);
    }
    EXPECT(memcmp(x, same.data(), bytes) == 0);
}
// So do they where copies stay by proof now and then: there the host says before what it does.
static void in_stays_and_outside(unsigned long long seed) {
    int *x = fresh(bytes);
    std::vector<int> same(count);
    auto any = [&](size_t most) { return (size_t)((seed = seed * 6364136223846793005u + 1442695040888963407u) >> 33) % most; };
    auto in_any_way = [&](bool stays) {
        size_t first = any(8) ? any(4) * count / 4 : any(count), n = std::min(count - first, any(4) ? count / 4 : any(count) + 1);
        size_t from = any(count - n + 1), few = any(8) ? 1 : 1 + any(n);
        switch (any(8)) {
            case 0:
                increment(x + first, n);
                for (size_t i = 0; i < n; i++) same[first + i]++;
                break;
            case 1:
                set(x + first, n, (int)first);
                for (size_t i = 0; i < n; i++) same[first + i] = (int)first;
                break;
            case 2:
                if (stays) mupac::fetch(x + first, n);
                EXPECT(memcmp(x + first, &same[first], n * sizeof(int)) == 0);
                break;
            case 3:
                if (stays && any(2)) mupac::fetch();
                else if (stays) mupac::release();
                break;
            case 6:
                if (!mupac::moved(x + first, x + from, n * sizeof(int))) memmove(x + first, x + from, n * sizeof(int));
                memmove(&same[first], &same[from], n * sizeof(int));
                break;
            case 7:
                if (stays) mupac::release(x + from, few);
                for (size_t i = from; i < from + few; i++)
                    if (any(2)) x[i] = same[i] = (int)any(3);
                break;
            case 4: EXPECT(sum(x + first, n) == std::accumulate(&same[first], &same[first] + n, 0L)); break;
            default:
                if (stays) mupac::release(x + first, n);
                x[first] = same[first] = (int)n;
        }
    };
    for (int k = 0; k < 1000; k++) {
        for (size_t left = any(4); left > 0; left--) in_any_way(false);
        mupac::Residence residence;
        for (size_t left = any(9); left > 0; left--) in_any_way(true);
        if (any(4) == 0) {
            mupac::Apart apart;
            for (size_t left = any(4); left > 0; left--) in_any_way(false);
        }
        for (size_t left = any(9); left > 0; left--) in_any_way(true);
    }
    EXPECT(memcmp(x, same.data(), bytes) == 0);
}
static void stays_among_others() { in_stays_and_outside(1); }
// One of them has the table, the other one copies of its own.
static void stays_of_two_threads() {
    std::thread other(in_stays_and_outside, 2);
    in_stays_and_outside(3);
    other.join();
}
// What the host touches of an array that stays moves alone.
static void parts_while_a_stay_lasts() {
    int *x = fresh(bytes), *middle = x + count / 2;
    {
        mupac::Residence residence;
        increment(x, count);
        for (int k = 1; k < 20; k++) {
            Copied each = copied([&] {
                mupac::release(middle, 1), *middle = 100 * k;
                increment(x, count);
                mupac::fetch(x + 5, 1);
            });
            EXPECT(each.in == sizeof(int) && each.out == 2 * sizeof(int) && each.allocated == 0);
            EXPECT(x[5] == k + 1);
        }
        mupac::release(middle, 1), *middle = 7;
    }
    EXPECT(x[0] == 20 && *middle == 7 && middle[1] == 20);
    EXPECT(copied([&] { EXPECT(sum(x, count) == 20 * (long)count - 13); }).in == page);
    EXPECT(copied([&] { EXPECT(sum(x, count) == 20 * (long)count - 13); }).in == 0);
}
// What the host has again is not what it gave to the device meanwhile.
static void lent_and_written_back() {
    int x[100] = {};
    EXPECT(sum(x, 100) == 0);
    {
        mupac::Residence residence;
        EXPECT(sum(x, 100) == 0);
        mupac::release(x + 3, 1), x[3] = 7;
        EXPECT(sum(x, 100) == 7);
        mupac::release(x + 3, 1), x[3] = 0;
    }
    EXPECT(sum(x, 100) == 0);
}
// What is moved on the device is newer there, and goes home when the stay ends.
static void moved_while_a_stay_lasts() {
    int *x = fresh(bytes), *y = fresh(bytes);
    {
        mupac::Residence residence;
        set(x, count, 3), set(y, count, 5);
        Copied each = copied([&] { EXPECT(mupac::moved(y, x, bytes / 2)); });
        EXPECT(each.in == 0 && each.out == 0 && each.allocated == 0);
    }
    EXPECT(y[0] == 3 && y[count / 2] == 5 && x[0] == 3);
    EXPECT(copied([&] { EXPECT(sum(y, count) == 4 * (long)count); }).in == 0);
}
// Memory that is kept for buffers makes room as well.
static int looks = 0;
static bool used_once(mupac::Subscripts &used) { return used.any(); }
static bool used_once(mupac::DifferentSubscripts &used) { return used.differ(); }
// A region that looks at its subscripts before it runs; returns whether it did, after all else is as it should be.
template <class Used> static int found(Used &used, const int *at, size_t n) {
    int before = looks;
    if (!used.known({{at, n}}, {(long long)n})) {
        mupac::fetch(at, n), looks++;
        for (size_t i = 0; i < n; i++) used.add(at[i]);
        EXPECT(used_once(used));
    }
    sum(at, n);
    mupac::fetch(at, n);
    EXPECT(used.first == *std::min_element(at, at + n) && used.last == *std::max_element(at, at + n));
    return looks - before;
}
template <class Used> static void found_once() {
    int *at = fresh(2 * bytes), *other = fresh(bytes);
    std::iota(at, at + count, 7), std::iota(other, other + count, 100);
    Used used;
    EXPECT(found(used, at, count) == 1);
    at[3] = -5;
    EXPECT(found(used, at, count) == 1);
    mupac::Residence residence;
    auto again = [&](size_t n) { return EXPECT(found(used, at, n) == 1), (void)found(used, at, n), EXPECT(found(used, at, n) == 0); };
    again(count);
    increment(at, count), again(count), again(count / 2), again(count);
    mupac::release(at + 5, 1), at[5] = -1000, again(count);
    mupac::release(at + 5, 1), at[5] = -2000, sum(other, count), again(count);
    mupac::release(at + 5, 1), at[5] = -3000, EXPECT(found(used, at, count / 2) == 1);
    mupac::release(at + 6, 1), at[6] = -4000, EXPECT(!used.known({{at, count}}, {(long long)count}));
    mupac::fetch(at, count);
    for (size_t i = 0; i < count; i++) used.add(at[i]);
    EXPECT(used_once(used));
    at[6] = -5000, again(count);
    if (!mupac::moved(at, other, bytes)) memcpy(at, other, bytes);
    again(count);
    {
        mupac::Mirror<int> some(at, count, 4), others(at + count / 2, count, 4);
        others.in(), others.device[0] = -9, others.out();
    }
    again(count);
    mupac::release(), at[9] = -11, again(count);
}
static void subscripts_are_found_once() { found_once<mupac::Subscripts>(); }
static void different_subscripts_are_found_once() { found_once<mupac::DifferentSubscripts>(); }
static void subscripts_that_do_not_hold() {
    int *at = fresh(bytes);
    at[1] = 1, sum(at, 2);
    mupac::Residence residence;
    sum(at, 4);
    mupac::DifferentSubscripts used;
    for (int k = 0; k < 3; k++) {
        EXPECT(!used.known({{at, 4}}, {4}));
        for (int i = 0; i < 4; i++) used.add(at[i]);
        EXPECT(!used.differ());
    }
}
static void spare_memory_makes_room() {
    device_bytes = 8 * bytes;
    int *x = fresh(bytes);
    mupac::Residence residence;
    increment(x, count);
    mupac::Buffer<char>(6 * bytes, 4);
    EXPECT(used_bytes == 7 * bytes && copied([] { mupac::Buffer<char>(6 * bytes, 4); }).allocated == 0);
    mupac::Buffer<char>(8 * bytes, 4);
    EXPECT(used_bytes == 8 * bytes && last_error == cudaSuccess && x[0] == 1);
}
static void spare_memory_serves_what_shrinks_and_grows() {
    mupac::Residence residence;
    size_t all = copied([] {
        for (size_t n = 1000; n > 500; n--) mupac::Buffer<double>(n, 4);
        for (size_t n = 500; n < 1000; n++) mupac::Buffer<double>(n, 4);
    }).allocated;
    EXPECT(all <= 8);
    mupac::Buffer<double> one(1000, 4), other(1000, 4);
    EXPECT(one.device != other.device);
    one.device[999] = 1, other.device[999] = 2;
    EXPECT(one.device[999] == 1);
}
static void old_spare_memory_goes() {
    mupac::Residence residence;
    for (size_t n = 1; n <= 100; n++) mupac::Buffer<char>(n << 12, 4);
    EXPECT(copied([] { mupac::Buffer<char>(100 << 12, 4); }).allocated == 0);
    EXPECT(copied([] { mupac::Buffer<char>(1 << 12, 4); }).allocated == 1);
}
static void freed_and_mapped_again() {
    for (int k = 1; k < 6; k++) {
        int *x = fresh(bytes);
        x[k] = k;
        EXPECT(sum(x, count) == k);
        munmap(x, bytes);
    }
}
static void mapped_again_smaller() {
    int *x = fresh(bytes);
    set(x, count, 3);
    munmap(x, bytes);
    x = (int *)mmap(x, bytes / 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    for (int k = 1; k < 4; k++) {
        x[5] = k;
        EXPECT(sum(x, count / 2) == k);
        set(x, count / 2, 0);
        EXPECT(x[5] == 0 && sum(x + 10, count / 4) == 0);
    }
}
static void moved() {
    int *x = fresh(bytes), *y = fresh(2 * bytes);
    set(x, count, 3), set(y, count, 5);
    int *there = (int *)mremap(x, bytes, 2 * bytes, MREMAP_MAYMOVE | MREMAP_FIXED, y);
    EXPECT(sum(there, count) == 3 * (long)count);
    EXPECT(sum(there, 2 * count) == 3 * (long)count);
}
static void thrown_away() {
    int *x = fresh(64 * bytes);
    set(x, 64 * count, 3);
    madvise(x, 2 * page, MADV_DONTNEED);
    EXPECT(sum(x, 64 * count) == 3 * (64 * (long)count - 2048));
    madvise(x, 32 * bytes, MADV_DONTNEED);
    EXPECT(sum(x, 64 * count) == 3 * 32 * (long)count);
}
static void shared_with_others() {
    int *x = fresh(bytes, MAP_SHARED);
    for (int k = 1; k < 4; k++) {
        if (fork() == 0) x[9] = k, _exit(0);
        wait(nullptr);
        Copied each = copied([&] { EXPECT(sum(x, count) == k); });
        EXPECT(each.in == bytes);
    }
    EXPECT(used_bytes == 0);
}
static void files() {
    FILE *file = tmpfile();
    std::vector<int> some(count, 2);
    fwrite(some.data(), 1, bytes, file), fflush(file);
    auto own = (int *)mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, fileno(file), 0);
    auto shared = (int *)mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    sum(own, count), sum(shared, count);
    EXPECT(copied([&] { EXPECT(sum(own, count) == 2 * (long)count); }).in == 0);
    EXPECT(copied([&] { EXPECT(sum(shared, count) == 2 * (long)count); }).in == bytes);
}
static void children() {
    int *x = fresh(bytes);
    set(x, count, 3);
    if (fork() == 0) {
        x[0] = 4;
        EXPECT(sum(x, count) == 3 * (long)count + 1);
        x[1] = 4;
        EXPECT(copied([&] { EXPECT(sum(x, count) == 3 * (long)count + 2); }).in == page);
        _exit(failures);
    }
    int status = 1;
    wait(&status);
    EXPECT(status == 0);
    x[2] = 5;
    EXPECT(copied([&] { EXPECT(sum(x, count) == 3 * (long)count + 2); }).in == page);
}
static void writes_of_the_kernel() {
    int *x = fresh(bytes), ends[2];
    EXPECT(pipe(ends) == 0);
    for (int k = 1; k < 4; k++) {
        sum(x, count);
        EXPECT(write(ends[1], &k, sizeof k) == sizeof k && read(ends[0], x + 5000, sizeof k) == sizeof k);
        EXPECT(copied([&] { EXPECT(sum(x, count) == k); }).in == page);
    }
}
static void several_threads() {
    int *x = fresh(8 * bytes);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> all;
    for (int t = 0; t < 8; t++)
        all.emplace_back([&, t] {
            int *own = x + t * count;  // no two threads touch one element, but they may touch one page
            size_t n = count - 3;
            for (int k = 1; k < 200; k++) {
                own[n - 1]++;
                increment(own, n);
                own[n] = own[n + 1] = own[n + 2] = k;
                wrong += own[0] != k || own[n - 1] != 2 * k || own[n] != k;
            }
        });
    for (std::thread &each : all) each.join();
    EXPECT(wrong == 0);
}
static void little_memory() {
    device_bytes = 8 * bytes;
    int *x = fresh(40 * bytes);
    for (int k = 1; k < 4; k++)
        for (int a = 0; a < 40; a++) {
            increment(x + a * count, count);
            EXPECT(x[a * count] == k && used_bytes <= 4 * bytes);
        }
    auto sent = [&](int a) { return copied([&] { sum(x + a * count, count); }).in; };
    EXPECT(sent(36) == 0 && sent(35) == bytes && sent(36) == 0 && sent(39) == 0 && sent(37) == bytes && sent(36) == 0);
    // What rests makes room.
    EXPECT(sum(x, 7 * count) == 7 * 3 * (long)count && sum(x, 8 * count) == 8 * 3 * (long)count);
    mupac::Buffer<char>(8 * bytes, 4);
    EXPECT(last_error == cudaSuccess);
}
static void often_rewritten() {
    int *x = fresh(bytes);
    size_t sent = 0;
    for (int k = 1; k < 100; k++) {
        for (size_t i = 0; i < count; i++) x[i] = k;
        sent += copied([&] { EXPECT(sum(x, count) == k * (long)count); }).in;
    }
    EXPECT(sent == 99 * bytes);
    for (int k = 0; k < 40; k++) sent = copied([&] { EXPECT(sum(x, count) == 99 * (long)count); }).in;
    EXPECT(sent == 0);
}
static void no_such_system() {
    int *x = fresh(bytes);
    sum(x, count);
    close(3), close(4);  // what the support opened
    for (int k = 1; k < 4; k++) {
        increment(x, count);
        EXPECT(x[0] == k && used_bytes == 0);
    }
}

struct Test { const char *name; void (*run)(); };
#define TEST(name) {#name, name}
static const Test tests[] = {
    TEST(nothing_written), TEST(one_element), TEST(results_go_home), TEST(written_before_read), TEST(parts_of_pages),
    TEST(neighbours_in_a_page), TEST(small_arrays), TEST(written_back), TEST(copies_that_meet), TEST(parts_of_a_copy), TEST(extents_that_differ), TEST(alignment), TEST(any_ranges), TEST(stays_among_others),
    TEST(stays_of_two_threads), TEST(parts_while_a_stay_lasts), TEST(lent_and_written_back), TEST(moved_while_a_stay_lasts),
    TEST(subscripts_are_found_once), TEST(different_subscripts_are_found_once), TEST(subscripts_that_do_not_hold),
    TEST(spare_memory_makes_room), TEST(spare_memory_serves_what_shrinks_and_grows), TEST(old_spare_memory_goes),
    TEST(freed_and_mapped_again),
    TEST(mapped_again_smaller), TEST(moved), TEST(thrown_away), TEST(shared_with_others), TEST(files), TEST(children),
    TEST(writes_of_the_kernel), TEST(several_threads), TEST(little_memory), TEST(often_rewritten), TEST(no_such_system),
};
int main(int, char **arguments) {
    if (strcmp(arguments[1], "is-told") == 0) return mupac::tracker.open(), mupac::tracker.pagemap < 0;
    for (const Test &each : tests)
        if (strcmp(each.name, arguments[1]) == 0) return each.run(), failures != 0;
    for (const Test &each : tests) puts(each.name);
}
