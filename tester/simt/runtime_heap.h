// Objects of C++ and what the runtime notes lie apart from what the program allocates, so that they take no room between its
// blocks: rows that it allocates one by one are copied together only if they lie equally far apart.

#include <new>

namespace mupac_simt {

const size_t chunk_bytes = 1 << 20;
const int smallest_block = 6, largest_block = 19;  // powers of two; what is larger has pages of its own

struct FreeBlock { FreeBlock *next; };
struct BlockHead { size_t bytes; int power; char room[16 - sizeof(size_t) - sizeof(int)]; };  // before each block

static FreeBlock *free_blocks[largest_block + 1];
static char *chunk, *chunk_end;
static pthread_mutex_t heap_lock = PTHREAD_MUTEX_INITIALIZER;

static void *block_of(int power) {
    if (FreeBlock *found = free_blocks[power]) {
        free_blocks[power] = found->next;
        return found;
    }
    size_t bytes = (size_t)1 << power;
    if ((size_t)(chunk_end - chunk) < bytes) {
        chunk = (char *)map_memory(chunk_bytes, PROT_READ | PROT_WRITE);
        chunk_end = chunk + chunk_bytes;
    }
    chunk += bytes;
    return chunk - bytes;
}

static void *new_block(size_t bytes) {
    size_t all = bytes + sizeof(BlockHead);
    int power = smallest_block;
    while (power <= largest_block && (size_t)1 << power < all) power++;
    pthread_mutex_lock(&heap_lock);
    bool is_large = power > largest_block;
    auto head = (BlockHead *)(is_large ? map_memory(round_to_pages(all), PROT_READ | PROT_WRITE) : block_of(power));
    pthread_mutex_unlock(&heap_lock);
    head->bytes = all;
    head->power = is_large ? 0 : power;
    return head + 1;
}

static void delete_block(void *block) {
    if (!block) return;
    auto head = (BlockHead *)block - 1;
    if (head->power == 0) {
        library.munmap_(head, round_to_pages(head->bytes));
        return;
    }
    pthread_mutex_lock(&heap_lock);
    auto freed = (FreeBlock *)head;
    int power = head->power;
    freed->next = free_blocks[power];
    free_blocks[power] = freed;
    pthread_mutex_unlock(&heap_lock);
}

static void *zeroed_block(size_t bytes) {
    void *block = new_block(bytes);
    bool has_pages = ((BlockHead *)block - 1)->power == 0;  // of its own, which are zero and not yet there
    return has_pages ? block : memset(block, 0, bytes);
}
static void *resized_block(void *block, size_t bytes) {
    void *fresh = new_block(bytes);
    if (block) {
        size_t old = ((BlockHead *)block - 1)->bytes - sizeof(BlockHead);
        memcpy(fresh, block, old < bytes ? old : bytes);
        delete_block(block);
    }
    return fresh;
}

// At a multiple of 64, as all blocks begin.
const size_t head_room = 64 - sizeof(BlockHead);
static void *aligned_block(size_t bytes) { return (char *)new_block(bytes + head_room) + head_room; }
static void free_aligned_block(void *block) {
    if (block) delete_block((char *)block - head_room);
}

}  // namespace mupac_simt

void *operator new(size_t bytes) { return mupac_simt::new_block(bytes); }
void *operator new[](size_t bytes) { return mupac_simt::new_block(bytes); }
void operator delete(void *block) noexcept { mupac_simt::delete_block(block); }
void operator delete[](void *block) noexcept { mupac_simt::delete_block(block); }
void operator delete(void *block, size_t) noexcept { mupac_simt::delete_block(block); }
void operator delete[](void *block, size_t) noexcept { mupac_simt::delete_block(block); }
