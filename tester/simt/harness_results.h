/* Writes every byte that a function could have changed to a descriptor, column by column; src/results.rs reads it. */
enum { results_descriptor = 198 };

struct header {
    char magic[4];
    uint8_t kind, scalar;
    uint16_t number;
    uint32_t leaf;
    uint32_t padding;
    int64_t first;
    uint64_t count;
};
enum { kind_buffer, kind_global, kind_result, kind_end, kind_touched, kind_probe, kind_writer, kind_missed, kind_work, kind_place, kind_global_place, kind_link, kind_stretch };

static void write_all(const void *from, size_t bytes) {
    const char *at = (const char *)from;
    while (bytes > 0) {
        ssize_t written = library.write_(results_descriptor, at, bytes);
        if (written <= 0) _exit(exit_bad_test);
        at += written;
        bytes -= (size_t)written;
    }
}

static void write_header(int kind, int scalar, int number, int leaf, long long first, long long count) {
    struct header h;
    memset(&h, 0, sizeof h);
    memcpy(h.magic, "MUPA", 4);
    h.kind = (uint8_t)kind;
    h.scalar = (uint8_t)scalar;
    h.number = (uint16_t)number;
    h.leaf = (uint32_t)leaf;
    h.first = first;
    h.count = (uint64_t)count;
    write_all(&h, sizeof h);
}

static char chunk[1 << 16];
static size_t chunk_used = 0;

static void write_chunk(void) {
    write_all(chunk, chunk_used);
    chunk_used = 0;
}

static void write_leaf(const char *at, long long records, long long record_bytes, int size) {
    for (long long i = 0; i < records; i++) {
        memcpy(chunk + chunk_used, at + i * record_bytes, (size_t)size);
        chunk_used += (size_t)size;
        if (chunk_used + 8 > sizeof chunk) write_chunk();
    }
}

/* The values of `rows` rows of `records` records, with `stride` bytes from row to row. */
static void write_values(int kind, int number, const char *at, long long first, long long records, long long rows, long long stride,
                         long long record_bytes, const struct mupac_test_leaf *leaves, int leaf_count) {
    for (int leaf = 0; leaf < leaf_count; leaf++) {
        int scalar = leaves[leaf].mupac_test_scalar;
        write_header(kind, scalar, number, leaf, first, records * rows);
        for (long long row = 0; row < rows; row++)
            write_leaf(at + row * stride + leaves[leaf].mupac_test_offset, records, record_bytes, scalar_bytes[scalar]);
        write_chunk();
    }
}

static void write_memory(void) {
    for (int i = 0; i < most_parameters; i++) {
        const struct buffer *b = &buffers[i];
        if (!b->is_used) continue;
        long long stride = b->row_count > 1 ? b->stride : 0;
        write_values(kind_buffer, i, element(b, b->low), b->low * b->records, records_of(b), b->row_count, stride, b->record_bytes, b->leaves, b->leaf_count);
    }
    for (int i = 0; i < global_count; i++) {
        const struct global *g = &globals[i];
        write_values(kind_global, i, g->at, 0, g->records, 1, 0, g->record_bytes, g->leaves, g->leaf_count);
    }
}

/* Where memory lies, for who makes it again: every row of every buffer and every global, with their bytes; every pointer that is
   passed, and every pointer to a row. */
static void write_places(void) {
    for (int i = 0; i < most_parameters; i++) {
        const struct buffer *b = &buffers[i];
        if (!b->is_used) continue;
        for (long long row = 0; row < b->row_count; row++)
            write_header(kind_place, 0, i, (int)row, (long long)(uintptr_t)record_of(b, row * records_of(b)), records_of(b) * b->record_bytes);
        if (!b->is_rows) write_header(kind_link, 0, i, 0, 0, (long long)(uintptr_t)b->element_zero);
        for (long long j = 0; b->is_rows && j < b->row_count; j++)
            write_header(kind_link, 0, i, (int)row_of(j), (long long)(uintptr_t)pointer_of(b, j), (long long)(uintptr_t)row_zero(b, row_of(j)));
    }
    for (int i = 0; i < global_count; i++) {
        const struct global *g = &globals[i];
        write_header(kind_global_place, 0, i, 0, (long long)(uintptr_t)g->at, g->records * g->record_bytes);
    }
}
