/* Writes a part of what a function left behind. MUPAC_TEST_SAMPLE is empty for a text of which a sample of the blocks ran: then
   these are the values that the sample wrote. Otherwise it says which values, `b0:first+count,g1:first+count` of buffers and
   globals, by the numbers that the records of the sample have. */
enum { most_pieces = 4000, most_sample_bytes = 1 << 20, byte_scalar = 2 };

/* Defined by a runtime that runs a sample. */
int mupac_test_delivered(int number, const char **at, size_t *bytes) __attribute__((weak));

/* Memory whose values have numbers: scalars, or the bytes of structures. */
struct holder {
    int kind, number, scalar;
    const char *begin;
    long long bytes, first; /* the number of the first value */
};

static struct holder holder_of(int kind, int number, const char *begin, long long bytes, long long first, long long record_bytes,
                               const struct mupac_test_leaf *leaves, int leaf_count) {
    struct holder h = {kind, number, byte_scalar, begin, bytes, 0};
    if (leaf_count != 1 || scalar_bytes[leaves[0].mupac_test_scalar] != record_bytes) return h;
    h.scalar = leaves[0].mupac_test_scalar;
    h.first = first;
    return h;
}

/* The numbered holder: buffers with memory of their own in one piece, then globals. */
static int has_holder(int index, struct holder *found) {
    if (index < most_parameters) {
        const struct buffer *b = &buffers[index];
        if (!b->is_used || !b->begin || b->alias_of != index || b->global >= 0 || b->row_count != 1) return 0;
        *found = holder_of(kind_buffer, index, b->begin, b->end - b->begin, b->low * b->records, b->record_bytes, b->leaves, b->leaf_count);
        return 1;
    }
    index -= most_parameters;
    if (index < 0 || index >= global_count) return 0;
    const struct global *g = &globals[index];
    *found = holder_of(kind_global, index, g->at, g->records * g->record_bytes, 0, g->record_bytes, g->leaves, g->leaf_count);
    return 1;
}

static void write_piece(const struct holder *h, long long first, long long count) {
    long long size = scalar_bytes[h->scalar];
    write_header(h->kind, h->scalar, h->number, 0, first, count);
    write_all(h->begin + (first - h->first) * size, (size_t)(count * size));
}

static void write_delivered(const char *at, long long bytes) {
    struct holder h;
    for (int i = 0; i < most_parameters + global_count; i++) {
        if (!has_holder(i, &h) || at < h.begin || at + bytes > h.begin + h.bytes) continue;
        long long size = scalar_bytes[h.scalar], offset = at - h.begin;
        if (offset % size == 0 && bytes % size == 0) write_piece(&h, h.first + offset / size, bytes / size);
        return;
    }
}

static void write_asked(const char *words) {
    while (*words) {
        struct holder h;
        char kind, *end;
        int number, used;
        if (sscanf(words, "%c%d:%n", &kind, &number, &used) != 2 || number < 0) stop(exit_bad_test);
        long long first = strtoll(words + used, &end, 10), count = *end == '+' ? strtoll(end + 1, &end, 10) : -1;
        if (!has_holder(kind == 'g' ? most_parameters + number : number, &h)) stop(exit_bad_test);
        long long most = h.bytes / scalar_bytes[h.scalar];
        if (count < 0 || first < h.first || count > most || first - h.first > most - count) stop(exit_bad_test);
        write_piece(&h, first, count);
        words = *end == ',' ? end + 1 : end;
    }
}

/* Whether a part was asked for; it is written then. */
static int has_written_sample(void) {
    const char *asked = library.getenv_("MUPAC_TEST_SAMPLE"), *at;
    size_t bytes, all = 0;
    if (!asked) return 0;
    write_asked(asked);
    for (int i = 0; !*asked && mupac_test_delivered && i < most_pieces && mupac_test_delivered(i, &at, &bytes); i++) {
        all += bytes;
        if (all > most_sample_bytes) break;
        write_delivered(at, (long long)bytes);
    }
    return 1;
}
