// Device memory, memory that host and device share, and their shadow.
//
// Allocations lie in an arena of their own, each on fresh pages with an unmapped page behind it; addresses are never
// used again, so a freed pointer stays recognisable.
// A region (an allocation, the shared memory of the running block, or the variables of the device) has one shadow cell
// for each granule, the smallest aligned access seen so far: 8, 4, 2 or 1 bytes; a smaller access splits all cells of
// the region.

namespace mupac_simt {

const size_t page_bytes = 4096;
// Memory of this size is asked for in large pages, which saves most page faults.
const size_t large_page_bytes = (size_t)2 << 20;
// Addresses are never given out twice, so there are many; an emulator that keeps a record of each page wants fewer.
#ifndef MUPAC_SIMT_ARENA_BYTES
#define MUPAC_SIMT_ARENA_BYTES ((size_t)1 << 40)
#endif
const size_t arena_bytes = MUPAC_SIMT_ARENA_BYTES;
const size_t device_bytes = (size_t)8 << 30;
const int max_dynamic_shared_bytes = 227 * 1024;
const int most_regions = 1 << 20;

// Accesses of one kind to a granule that are not yet in order with one another: the last, and whether by several.
struct Record {
    uint32_t time;   // the phase of the last access; 0 never, 1 by a copy before any launch
    uint32_t lanes;  // the lanes of the warp below that take part
    uint16_t clock;  // the lane's clock at the last access; of several lanes the greatest
    uint16_t flags;  // the warp and the bits below
};
const uint16_t warp_mask = 0x1f;
const uint16_t several_warps = 0x20;    // of one block, in one phase
const uint16_t several_blocks = 0x40;   // of one launch, or operations of several streams
const uint16_t is_strong = 0x80;        // atomic or volatile, all of them
const uint16_t is_volatile = 0x100;     // not atomic but volatile, one of them
const uint16_t by_host = 0x200;
const uint16_t is_block_scoped = 0x400;  // atomic among the threads of a block only, one of them
const int size_shift = 11;  // log2 of the size of strong accesses in bytes, 0 to 3, all of them
const uint16_t size_mask = 0x1800;
const uint16_t several_operations = 0x2000;  // not in order with one another

struct Cell {
    Record write, read;
};

struct Writer;

struct Region {
    char *base;
    size_t bytes;
    Cell *cells;
    int shift;  // log2 of the granule; -1 while nothing was accessed
    Home home;
    bool is_shared, is_freed;
    bool is_initialised;  // every byte was written by a copy, or nobody can know
    Writer *writers;      // of each byte, in a traced run
    unsigned char *moved;  // of each byte, whether it had to be copied (runtime_needed.h)
    const char *origin;    // where the host has the first byte of what was copied there last
    unsigned char *sampled;  // a bit for each byte that a sample of blocks wrote (runtime_sample.h)
};

static char *arena;
static size_t arena_used = page_bytes;  // the first page is not mapped either
static uint32_t *page_regions;  // region of each page of the arena; 0 none
static Region *regions;         // by number, from 1
static uint32_t region_count = 0;
static size_t live_bytes = 0;
static unsigned char fill_pattern = 0xcb;

static Region static_shared, dynamic_shared;
// The program's `__device__`, `__constant__` and `__managed__` variables.
static Region device_variables, constant_variables, managed_variables;

static size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }
static size_t round_to_pages(size_t bytes) { return round_up(bytes, page_bytes); }

static void *map_memory(size_t bytes, int protection) {
    void *at = library.mmap_(0, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) fail("runtime", "cannot map %zu bytes", bytes);
    return at;
}

static bool is_in_arena(const void *p) { return (uintptr_t)p - (uintptr_t)arena < arena_bytes; }
static bool is_in(const Region &region, const void *p) { return (uintptr_t)p - (uintptr_t)region.base < region.bytes; }

// The region that owns the page of `p`, live or freed; null in a red zone.
static Region *region_at(const void *p) {
    uint32_t number = page_regions[((uintptr_t)p - (uintptr_t)arena) / page_bytes];
    return number ? &regions[number] : 0;
}

// The region around `p` that the device knows: an allocation or variables; null for the host's own memory.
static Region *known_region(const void *p) {
    if (is_in_arena(p)) return region_at(p);
    if (is_in(device_variables, p)) return &device_variables;
    if (is_in(constant_variables, p)) return &constant_variables;
    return is_in(managed_variables, p) ? &managed_variables : 0;
}

static size_t cell_bytes(const Region &region, int shift) {
    size_t bytes = round_to_pages(((region.bytes >> shift) + 2) * sizeof(Cell));
    return bytes < large_page_bytes ? bytes : round_up(bytes, large_page_bytes);
}

static Cell *map_cells(const Region &region, int shift) {
    size_t bytes = cell_bytes(region, shift);
    void *cells = map_memory(bytes, PROT_READ | PROT_WRITE);
    if (bytes >= large_page_bytes) library.madvise_(cells, bytes, MADV_HUGEPAGE);
    return (Cell *)cells;
}

static void drop_cells(Region &region) {
    if (region.shift >= 0) library.munmap_(region.cells, cell_bytes(region, region.shift));
    region.cells = 0;
    region.shift = -1;
}

static void set_shift(Region &region, int shift) {
    if (region.shift < 0) {
        region.shift = shift;
        region.cells = map_cells(region, shift);
        return;
    }
    Cell *finer = map_cells(region, shift);
    int difference = region.shift - shift;
    for (size_t i = 0; i <= region.bytes >> shift; i++) finer[i] = region.cells[i >> difference];
    drop_cells(region);
    region.cells = finer;
    region.shift = shift;
}

// Makes granules no larger than an access of `bytes` at `offset` needs.
static inline void refine(Region &region, size_t offset, size_t bytes) {
    int alignment = __builtin_ctzll((unsigned long long)(offset | bytes | 8));
    if (__builtin_expect(region.shift < 0 || region.shift > alignment, 0)) set_shift(region, alignment);
}

// A copy wrote these bytes, in order with everything else.
static void initialise(Region &region, size_t offset, size_t bytes) {
    if (bytes == 0 || region.is_initialised) return;
    if (offset == 0 && bytes == region.bytes) {
        region.is_initialised = true;
        return;
    }
    refine(region, offset, bytes);
    for (size_t i = offset >> region.shift; i < (offset + bytes) >> region.shift; i++)
        if (region.cells[i].write.time == 0) region.cells[i].write.time = 1;
}

static cudaError_t allocate(void **memory, size_t bytes, Home home) {
    if (!memory) return cudaErrorInvalidValue;
    if (bytes == 0) {
        *memory = 0;
        return cudaSuccess;
    }
    if (bytes > device_bytes || live_bytes + bytes > device_bytes) return cudaErrorMemoryAllocation;
    size_t mapped = round_to_pages(bytes);
    bool is_large = mapped >= large_page_bytes;
    if (is_large) arena_used = round_up(arena_used, large_page_bytes);
    if (arena_used + mapped + page_bytes > arena_bytes || region_count + 1 >= (uint32_t)most_regions)
        fail("runtime", "the emulated device has no addresses left");
    char *base = arena + arena_used;
    if (library.mprotect_(base, mapped, PROT_READ | PROT_WRITE) != 0) return cudaErrorMemoryAllocation;
    if (is_large) library.madvise_(base, mapped, MADV_HUGEPAGE);
    memset(base, fill_pattern, mapped);
    uint32_t number = ++region_count;
    for (size_t page = 0; page < mapped / page_bytes; page++) page_regions[arena_used / page_bytes + page] = number;
    arena_used += mapped + page_bytes;
    live_bytes += bytes;
    // Library functions of the host write memory that it shares without telling anybody.
    Region region = {base, bytes, 0, -1, home, false, false, home != device_home, 0, 0, 0, 0};
    regions[number] = region;
    *memory = base;
    return cudaSuccess;
}

// The live region that starts at `memory`.
static Region *allocation_at(const void *memory) {
    if (!is_in_arena(memory)) return 0;
    Region *region = region_at(memory);
    return region && region->base == memory && !region->is_freed ? region : 0;
}

static void release(Region &region) {
    region.is_freed = true;
    live_bytes -= region.bytes;
    size_t mapped = round_to_pages(region.bytes);
    library.madvise_(region.base, mapped, MADV_DONTNEED);
    library.mprotect_(region.base, mapped, PROT_NONE);
    drop_cells(region);
}

// Memory of the runtime's own, which takes no room between the program's blocks (runtime_heap.h).
static void *resized_block(void *block, size_t bytes);
static void delete_block(void *block);

// A growing array; elements are plain data.
template <class T> struct Growing {
    T *items;
    size_t count, capacity;
    T &add(const T &item) {
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 8;
            items = (T *)resized_block((void *)items, capacity * sizeof(T));
        }
        items[count] = item;
        return items[count++];
    }
    void clear() { count = 0; }
    void drop() {
        delete_block((void *)items);
        items = 0;
        count = capacity = 0;
    }
    T &operator[](size_t i) { return items[i]; }
    const T &operator[](size_t i) const { return items[i]; }
};

}  // namespace mupac_simt
