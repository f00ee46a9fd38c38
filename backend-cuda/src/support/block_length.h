template <class T> int block_length(T *block) {  // how many elements fit into the block that starts there; 0: not known
    if (!block || !accessible((const char *)block - 16, 16)) return 0;  // where its size is noted
    size_t count = usable_bytes(block) / sizeof(T);
    return count <= INT_MAX ? count : 0;
}
