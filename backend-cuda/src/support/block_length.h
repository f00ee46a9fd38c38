// How many bytes there are in the block that starts there, as glibc notes it before the block (malloc/malloc.c, malloc_chunk);
// 0: not known. -DMUPAC_BLOCK_BYTES=f has f say it first, 0 of blocks that it does not know.
#ifndef MUPAC_BLOCK_BYTES
#define MUPAC_BLOCK_BYTES(block) 0
#endif
inline size_t block_bytes(const void *block) {
    if (size_t bytes = block ? MUPAC_BLOCK_BYTES(block) : 0) return bytes;
    auto chunk = (size_t *)block - 2;  // two words: what is before, and its size with three bits of flags
    static const bool is_noted = lies_beside("malloc", "gnu_get_libc_version");
    if (!is_noted || (uintptr_t)block % 16 || !block || !accessible(chunk, 2)) return 0;
    size_t words = chunk[1] / sizeof *chunk, next = chunk[1] & 2 ? 0 : 2;  // which says whether this is in use, but for pages of its own
    return accessible(chunk, words + next) ? usable_bytes(block) : 0;
}
template <class T> int block_length(T *block) {  // how many elements that is, if an int can count them
    size_t count = block_bytes(block) / sizeof(T);
    return count <= INT_MAX ? count : 0;
}
