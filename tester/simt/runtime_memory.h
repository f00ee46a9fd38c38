// Device memory and its shadow.
//
// Allocations lie in an arena of their own, each on fresh pages with an unmapped page behind it; addresses are never
// used again, so a freed pointer stays recognisable.
// A region (an allocation, or the shared memory of the running block) has one shadow cell for each granule, the
// smallest aligned access seen so far: 8, 4, 2 or 1 bytes; a smaller access splits all cells of the region.

namespace mupac_simt {

const size_t page_bytes = 4096;
// Memory of this size is asked for in large pages, which saves most page faults.
const size_t large_page_bytes = (size_t)2 << 20;
const size_t arena_bytes = (size_t)1 << 40;
const size_t device_bytes = (size_t)8 << 30;
const int max_dynamic_shared_bytes = 227 * 1024;
const int most_regions = 1 << 20;

// Accesses of one kind to a granule since they last were in order: by whom, and whether by several.
struct Record {
    uint32_t time;    // the phase of the last access; 0 never, 1 by the host before any launch
    uint16_t thread;  // the thread of the last access
    uint16_t flags;   // warp phase of the last access and the bits below
};
const uint16_t warp_phase_mask = 0x0fff;
const uint16_t several_lanes = 0x1000;   // of one warp, in one warp phase
const uint16_t several_warps = 0x2000;   // of one block, in one phase
const uint16_t several_blocks = 0x4000;  // of one launch
const uint16_t is_atomic = 0x8000;

struct Cell {
    Record write, read;
};

struct Region {
    char *base;
    size_t bytes;
    Cell *cells;
    int shift;  // log2 of the granule; -1 while nothing was accessed
    bool is_shared, is_freed;
    bool is_initialised;  // every byte was written by the host
};

static char *arena;
static size_t arena_used = 0;
static uint32_t *page_regions;  // region of each page of the arena; 0 none
static Region *regions;         // by number, from 1
static uint32_t region_count = 0;
static size_t live_bytes = 0;
static unsigned char fill_pattern = 0xcb;

static Region static_shared, dynamic_shared;

static size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }
static size_t round_to_pages(size_t bytes) { return round_up(bytes, page_bytes); }

static void *map_memory(size_t bytes, int protection) {
    void *at = mmap(0, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) fail("runtime", "cannot map %zu bytes", bytes);
    return at;
}

static bool is_in_arena(const void *p) { return (size_t)((const char *)p - arena) < arena_bytes; }

// The region that owns the page of `p`, live or freed; null in a red zone.
static Region *region_at(const void *p) {
    uint32_t number = page_regions[(size_t)((const char *)p - arena) / page_bytes];
    return number ? &regions[number] : 0;
}

static size_t cell_bytes(const Region &region, int shift) {
    size_t bytes = round_to_pages(((region.bytes >> shift) + 2) * sizeof(Cell));
    return bytes < large_page_bytes ? bytes : round_up(bytes, large_page_bytes);
}

static Cell *map_cells(const Region &region, int shift) {
    size_t bytes = cell_bytes(region, shift);
    void *cells = map_memory(bytes, PROT_READ | PROT_WRITE);
    if (bytes >= large_page_bytes) madvise(cells, bytes, MADV_HUGEPAGE);
    return (Cell *)cells;
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
    munmap(region.cells, cell_bytes(region, region.shift));
    region.cells = finer;
    region.shift = shift;
}

// Makes granules no larger than an access of `bytes` at `offset` needs.
static inline void refine(Region &region, size_t offset, size_t bytes) {
    int alignment = __builtin_ctzll((unsigned long long)(offset | bytes | 8));
    if (__builtin_expect(region.shift < 0 || region.shift > alignment, 0)) set_shift(region, alignment);
}

// The host or a copy wrote these bytes; nothing runs on the device meanwhile.
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

static cudaError_t allocate(void **device, size_t bytes) {
    if (!device) return cudaErrorInvalidValue;
    if (bytes == 0) {
        *device = 0;
        return cudaSuccess;
    }
    if (bytes > device_bytes || live_bytes + bytes > device_bytes) return cudaErrorMemoryAllocation;
    size_t mapped = round_to_pages(bytes);
    bool is_large = mapped >= large_page_bytes;
    if (is_large) arena_used = round_up(arena_used, large_page_bytes);
    if (arena_used + mapped + page_bytes > arena_bytes || region_count + 1 >= (uint32_t)most_regions)
        fail("runtime", "the emulated device has no addresses left");
    char *base = arena + arena_used;
    if (mprotect(base, mapped, PROT_READ | PROT_WRITE) != 0) return cudaErrorMemoryAllocation;
    if (is_large) madvise(base, mapped, MADV_HUGEPAGE);
    memset(base, fill_pattern, mapped);
    uint32_t number = ++region_count;
    for (size_t page = 0; page < mapped / page_bytes; page++) page_regions[arena_used / page_bytes + page] = number;
    arena_used += mapped + page_bytes;
    live_bytes += bytes;
    Region region = {base, bytes, 0, -1, false, false, false};
    regions[number] = region;
    *device = base;
    return cudaSuccess;
}

static cudaError_t release(void *device) {
    if (!device) return cudaSuccess;
    if (!is_in_arena(device)) return cudaErrorInvalidValue;
    Region *region = region_at(device);
    if (!region || region->base != device || region->is_freed) return cudaErrorInvalidValue;
    region->is_freed = true;
    live_bytes -= region->bytes;
    size_t mapped = round_to_pages(region->bytes);
    madvise(region->base, mapped, MADV_DONTNEED);
    mprotect(region->base, mapped, PROT_NONE);
    if (region->shift >= 0) munmap(region->cells, cell_bytes(*region, region->shift));
    region->cells = 0;
    region->shift = -1;
    return cudaSuccess;
}

}  // namespace mupac_simt
