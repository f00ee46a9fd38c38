/* A test and its memory: reads the words of a test, says how large every buffer is, and places each so that an access
   beyond its end, or before its start, faults. */
enum { most_parameters = 64, most_globals = 256, page_bytes = 4096 };
enum { exit_elsewhere = 94, exit_missed = 95, exit_moved = 96, exit_too_large = 98, exit_bad_test = 99 };
static long long most_bytes = 64ll << 20; /* of one buffer */

struct buffer {
    int is_used;
    int is_null; /* a null pointer is passed in its place */
    long long first, count, records, record_bytes; /* an element is `records` records */
    long long low, high; /* the elements that there are; values follow from `first` and `count` alone */
    long long row_length; /* in elements, where rows of them exist as a whole */
    int is_cut;          /* whether the test names `low` and `high` */
    const struct mupac_test_leaf *leaves;
    int leaf_count;
    int alias_of; /* the buffer that owns the memory, or its own number */
    int global;   /* the global that it lies in, or -1 */
    long long alias_shift; /* how far behind the owner's element 0 its own lies, in elements of whichever are larger */
    char *element_zero;          /* of rows: of the first */
    char *begin, *end;           /* of an owner: its memory, without what lies before the first row and behind the last */
    char *mapping;               /* where that was mapped, with the pages around it */
    size_t mapped_bytes;
    long long touched, touched_end; /* of an owner: what a traced original touches of it, or of its rows, in bytes */
    int is_touched;
    int is_rows, holder;         /* whether pointers of another buffer lead to it, each to a row; which one, or -1 - global */
    long long holder_offset;     /* where in a record of that they lie */
    long long row_count, stride; /* stride: bytes from row to row */
    int is_on_device;            /* whether the function finds its memory on the device */
    char *device;                /* of an owner: that memory, while the function runs */
    int is_text;                 /* whether its last element, or that of each row, is zero */
};

struct global {
    char *at;
    long long records, record_bytes;
    const struct mupac_test_leaf *leaves;
    int leaf_count;
};

/* The test, as MUPAC_TEST gives it. */
static const char *test_spec;
static int test_entry, test_is_start_aligned, test_keeps_globals, test_shares_rows;
static uint64_t parameter_bits[most_parameters];
static struct buffer buffers[most_parameters];
static struct buffer *owners[most_parameters]; /* those that have memory of their own */
static int owner_count = 0;
static struct global globals[most_globals];
static int global_count = 0;
static uint64_t result_bits;
static int result_scalar = -1;

static void stop(int code) {
    fflush(NULL);
    _exit(code);
}

/* --- the test's words --- */

static const char *word_of(const char *spec, const char *name) {
    size_t length = strlen(name);
    for (const char *at = spec; at; at = strchr(at, ' '), at = at ? at + 1 : 0)
        if (strncmp(at, name, length) == 0 && at[length] == '=') return at + length + 1;
    stop(exit_bad_test);
    return 0;
}

/* Puts the values that the test spells out, `data=b0.1:HEX,HEX;g2.0:HEX`, in place of those that follow from its seed. */
static void put(char kind, int number, char *at, long long records, long long row_records, long long stride, long long record_bytes,
                const struct mupac_test_leaf *leaves, int leaf_count) {
    const char *word = word_of(test_spec, "data");
    while (*word == 'b' || *word == 'g') {
        int of, leaf, used;
        char holder = *word;
        if (sscanf(word + 1, "%d.%d:%n", &of, &leaf, &used) != 2) stop(exit_bad_test);
        word += 1 + used;
        for (long long i = 0; *word && *word != ' ' && *word != ';'; i++) {
            char *end;
            uint64_t bits = strtoull(word, &end, 16); /* little-endian: the low bytes come first */
            if (holder == kind && of == number && leaf < leaf_count && i < records)
                memcpy(at + i / row_records * stride + i % row_records * record_bytes + leaves[leaf].mupac_test_offset, &bits, (size_t)scalar_bytes[leaves[leaf].mupac_test_scalar]);
            word = *end == ',' ? end + 1 : end;
        }
        if (*word == ';') word++;
    }
}

static void parse(const char *spec) {
    test_spec = spec;
    test_entry = atoi(word_of(spec, "entry"));
    test_seed = strtoull(word_of(spec, "seed"), 0, 10);
    test_arm = word_of(spec, "arm")[0];
    test_integers = word_of(spec, "tame")[0];
    test_floats = test_integers ? word_of(spec, "tame")[1] : 0;
    test_is_start_aligned = word_of(spec, "guard")[0] == 'b';
    test_keeps_globals = word_of(spec, "globals")[0] == 'k';
    test_shares_rows = word_of(spec, "rows")[0] == 's';
    const char *at = word_of(spec, "values");
    for (int i = 0; i < most_parameters && *at && *at != ' '; i++) {
        char *end;
        parameter_bits[i] = strtoull(at, &end, 16);
        at = *end == ',' ? end + 1 : end;
    }
    for (int i = 0; i < most_parameters; i++) {
        buffers[i].alias_of = i;
        buffers[i].global = -1;
        buffers[i].row_count = 1;
        buffers[i].stride = INT64_MAX;
    }
    at = word_of(spec, "alias");
    while (*at && *at != ' ' && *at != '-') { /* b:a:k, or b:gN:k of a global, separated by commas; `-` for none */
        int alias, used;
        char *end;
        if (sscanf(at, "%d:%n", &alias, &used) != 1 || alias < 0 || alias >= most_parameters) stop(exit_bad_test);
        at += used;
        int is_global = *at == 'g';
        long owner = strtol(at + is_global, &end, 10);
        if (owner < 0 || owner >= (is_global ? most_globals : most_parameters) || *end != ':') stop(exit_bad_test);
        if (is_global)
            buffers[alias].global = (int)owner;
        else
            buffers[alias].alias_of = (int)owner;
        buffers[alias].alias_shift = strtoll(end + 1, &end, 10);
        at = *end == ',' ? end + 1 : end;
    }
    at = word_of(spec, "null");
    if (*at != '-') {
        int absent = atoi(at);
        if (absent < 0 || absent >= most_parameters) stop(exit_bad_test);
        buffers[absent].is_null = 1;
    }
    if (test_arm == 'K') {
        at = word_of(spec, "keys");
        while (key_count < most_keys && *at && *at != ' ') {
            char *end;
            uint64_t bits = strtoull(at, &end, 16);
            memcpy(&keys[key_count++], &bits, sizeof bits);
            at = *end == ',' ? end + 1 : end;
        }
    }
    at = word_of(spec, "extents");
    while (*at && *at != ' ' && *at != '-') { /* buffer:low:high, separated by commas; `-` for none */
        int buffer, used;
        long long low, high;
        if (sscanf(at, "%d:%lld:%lld%n", &buffer, &low, &high, &used) != 3 || buffer < 0 || buffer >= most_parameters || high < low)
            stop(exit_bad_test);
        buffers[buffer].is_cut = 1;
        buffers[buffer].low = low;
        buffers[buffer].high = high;
        at += used;
        if (*at == ',') at++;
    }
}

long long mupac_test_integer(int parameter) { return (long long)parameter_bits[parameter]; }

int mupac_test_keeps_globals(void) { return test_keeps_globals; }

double mupac_test_float(int parameter) {
    double value;
    memcpy(&value, &parameter_bits[parameter], sizeof value);
    return value;
}

/* --- buffers --- */

void mupac_test_extent(int buffer, long long first, long long count, long long records, long long record_bytes,
                       const struct mupac_test_leaf *leaves, int leaf_count) {
    if (buffer >= most_parameters) stop(exit_bad_test);
    long long bytes;
    if (count < 0) count = 0;
    if (records < 0) stop(exit_too_large);
    if (__builtin_mul_overflow(records, record_bytes, &bytes) || __builtin_mul_overflow(bytes, count, &bytes) || bytes > most_bytes)
        stop(exit_too_large);
    if (first > most_bytes || first < -most_bytes) stop(exit_too_large);
    struct buffer *b = &buffers[buffer];
    if (b->is_null) return;
    b->is_used = 1;
    b->is_on_device = 0;
    b->row_length = 0;
    b->first = first;
    b->count = count;
    if (!b->is_cut) {
        b->low = first;
        b->high = first + count;
    }
    b->records = records;
    b->record_bytes = record_bytes;
    b->leaves = leaves;
    b->leaf_count = leaf_count;
}

void mupac_test_rows(int buffer, int holder, long long offset, long long count, long long records, long long record_bytes,
                     const struct mupac_test_leaf *leaves, int leaf_count) {
    mupac_test_extent(buffer, 0, count, records, record_bytes, leaves, leaf_count);
    buffers[buffer].is_rows = 1;
    buffers[buffer].holder = holder;
    buffers[buffer].holder_offset = offset;
}

/* How long text is decides about loops as sizes do. */
void mupac_test_text(int buffer) {
    static const int lengths[] = {33, 1, 97, 0, 257, 2, 32, 31, 1009, 255};
    struct buffer *b = &buffers[buffer];
    long long length = lengths[mix(test_seed + (uint64_t)buffer) % (sizeof lengths / sizeof *lengths)];
    b->is_text = 1;
    if (b->count <= length) b->count = length + 1;
    if (!b->is_cut) b->high = b->first + b->count;
}

static long long quotient(long long a, long long b) { return a / b - (a % b < 0); }

/* Widens a range of elements to whole rows of the buffer. */
static void to_whole_rows(const struct buffer *b, long long *low, long long *high) {
    if (b->row_length <= 1 || *low >= *high) return;
    *low = quotient(*low, b->row_length) * b->row_length;
    *high = quotient(*high + b->row_length - 1, b->row_length) * b->row_length;
}

void mupac_test_row_length(int buffer, long long length) {
    struct buffer *b = &buffers[buffer];
    if (!b->is_used) return;
    if (length > most_bytes) stop(exit_too_large);
    b->row_length = length;
    to_whole_rows(b, &b->low, &b->high);
}

/* A number inside of memory that the test chooses. */
struct member {
    int buffer, scalar, value;
    long long offset;
};
static struct member members[most_parameters];
static int member_count = 0;

void mupac_test_member(int buffer, long long offset, int scalar, int value) {
    if (member_count == most_parameters) stop(exit_bad_test);
    struct member m = {buffer, scalar, value, offset};
    members[member_count++] = m;
}

static long long element_bytes_of(const struct buffer *b) { return b->records * b->record_bytes; }

static char *element(const struct buffer *b, long long index) { return b->element_zero + index * element_bytes_of(b); }

/* The bytes of each row of an owner, of all of it where it has no rows. */
static long long row_bytes_of(const struct buffer *b) { return b->end - b->begin - (b->row_count - 1) * (b->row_count > 1 ? b->stride : 0); }

/* The elements of a buffer, of all its rows where they lie one behind the other. */
static long long span_of(const struct buffer *b) { return (b->high - b->low) * b->row_count; }

/* The row that shares memory: mostly the first, which is all that most functions take, or any other. */
static long long shared_row(const struct buffer *b) {
    uint64_t chosen = mix(test_seed + (uint64_t)(b - buffers));
    return chosen % 4 ? 0 : (long long)(chosen / 4 % (uint64_t)b->row_count);
}

/* How many bytes after the owner's element 0 the one of `b`, or of the first of its rows, lies. */
static long long shift_bytes(const struct buffer *b, long long owner_bytes) {
    long long own = element_bytes_of(b);
    return b->alias_shift * (own > owner_bytes ? own : owner_bytes) - shared_row(b) * (b->high - b->low) * own;
}

/* How much around a buffer is kept free of everything else: where an access misses by less, it is known which one it meant. */
static size_t gap_bytes = page_bytes;

/* Places `bytes` of memory so that one end of them touches an unmapped page; `b` has its element `low` at their start. */
static void place(struct buffer *b, long long bytes, long long low) {
    if (bytes > most_bytes) stop(exit_too_large);
    size_t mapped = ((size_t)bytes + page_bytes - 1) / page_bytes * page_bytes;
    char *base = (char *)library.mmap_(0, mapped + 2 * gap_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED || (mapped && library.mprotect_(base + gap_bytes, mapped, PROT_READ | PROT_WRITE) != 0)) stop(exit_too_large);
    char *start = test_is_start_aligned ? base + gap_bytes : base + gap_bytes + mapped - bytes;
    b->mapping = base;
    b->mapped_bytes = mapped + 2 * gap_bytes;
    b->element_zero = start - low * element_bytes_of(b);
    b->begin = start;
    b->end = start + bytes;
    owners[owner_count++] = b;
}

/* Places a buffer inside of a global, where it fits in. */
static void place_in_global(struct buffer *b) {
    if (b->global >= global_count) stop(exit_bad_test);
    const struct global *g = &globals[b->global];
    long long own = element_bytes_of(b), all = g->records * g->record_bytes, bytes = span_of(b) * own;
    long long shift = shift_bytes(b, g->record_bytes), start = shift < 0 ? all - bytes + shift : shift;
    if (start < 0 || start + bytes > all || start % (own ? own : 1)) start = 0;
    if (bytes > all || bytes == 0)
        b->global = -1;
    else
        b->element_zero = g->at + start - b->low * own;
}

static long long records_of(const struct buffer *b) { return (b->high - b->low) * b->records; }

/* Record `index` of those of a buffer, of all its rows. */
static char *record_of(const struct buffer *b, long long index) {
    long long each = records_of(b), row = each ? index / each : 0;
    return element(b, b->low) + row * (row ? b->stride : 0) + (index - row * each) * b->record_bytes;
}

/* The pointer number `index` among those that lead to rows. */
static char **pointer_of(const struct buffer *b, long long index) {
    if (b->holder < 0) {
        const struct global *g = &globals[-1 - b->holder];
        return (char **)(g->at + index * g->record_bytes + b->holder_offset);
    }
    return (char **)(record_of(&buffers[b->holder], index) + b->holder_offset);
}

#ifndef MUPAC_TEST_ROWS_APART
#define MUPAC_TEST_ROWS_APART 64 /* most rows that lie apart */
#endif

/* Counts the pointers that lead to rows, of which there are as many. */
static void count_rows(struct buffer *b) {
    const struct buffer *holder = b->holder < 0 ? 0 : &buffers[b->holder];
    if (!holder && -1 - b->holder >= global_count) stop(exit_bad_test);
    if (holder)
        b->row_count = holder->is_used ? records_of(holder) * holder->row_count : 0;
    else
        b->row_count = globals[-1 - b->holder].records;
    b->is_used = b->row_count > 0;
    long long all;
    b->stride = (b->high - b->low) * element_bytes_of(b);
    if (__builtin_mul_overflow(b->stride, b->row_count, &all) || all > most_bytes) stop(exit_too_large);
}

/* Places each row between pages of its own that are not mapped. */
static void place_apart(struct buffer *b) {
    size_t bytes = (size_t)b->stride, row = (bytes + page_bytes - 1) / page_bytes * page_bytes, stride = row + gap_bytes;
    b->stride = (long long)stride;
    b->mapped_bytes = stride * (size_t)b->row_count + gap_bytes;
    b->mapping = (char *)library.mmap_(0, b->mapped_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (b->mapping == MAP_FAILED) stop(exit_too_large);
    for (long long i = 0; row && i < b->row_count; i++)
        if (library.mprotect_(b->mapping + gap_bytes + (size_t)i * stride, row, PROT_READ | PROT_WRITE) != 0) stop(exit_too_large);
    b->begin = b->mapping + gap_bytes + (test_is_start_aligned ? 0 : row - bytes);
    b->end = b->begin + (b->row_count - 1) * b->stride + (long long)bytes;
    b->element_zero = b->begin - b->low * element_bytes_of(b);
    owners[owner_count++] = b;
}

/* Places a buffer, its rows one behind the other, and those that lie in it. */
static void place_owner(int i) {
    struct buffer *owner = &buffers[i];
    long long low = owner->low, high = owner->low + span_of(owner), own = element_bytes_of(owner), unit = 1;
    int is_shared = 0;
    for (int j = 0; j < most_parameters; j++) {
        const struct buffer *b = &buffers[j];
        if (j == i || !b->is_used || b->alias_of != i || b->low == b->high || own == 0) continue;
        long long bytes = element_bytes_of(b), shift = shift_bytes(b, own);
        long long from = quotient(shift + b->low * bytes, own), to = quotient(shift + (b->low + span_of(b)) * bytes + own - 1, own);
        if (low == high) low = from, high = to;
        if (from < low) low = from;
        if (to > high) high = to;
        if (bytes % own == 0 && bytes / own > unit) unit = bytes / own;
        is_shared = 1;
    }
    if (!is_shared && owner->row_count > 1 && owner->row_count <= MUPAC_TEST_ROWS_APART && mix(test_seed + (uint64_t)i) % 2) {
        place_apart(owner);
        return;
    }
    /* Larger elements are aligned at either end. */
    long long from = quotient(low, unit) * unit, to = quotient(high + unit - 1, unit) * unit;
    place(owner, (to - from) * own, from);
}

/* The row that a pointer leads to: two by two they lead to one where rows are shared. */
static long long row_of(long long pointer) { return test_shares_rows ? pointer - pointer % 2 : pointer; }

/* Element 0 of a row. */
static char *row_zero(const struct buffer *b, long long row) { return b->element_zero + row * (row ? b->stride : 0); }

/* Has every pointer lead to its row, or says whether all do. */
static int link_rows(struct buffer *b, int is_set) {
    for (long long i = 0; i < b->row_count; i++) {
        char *row = row_zero(b, row_of(i));
        if (is_set) *pointer_of(b, i) = row;
        else if (*pointer_of(b, i) != row) return 0;
    }
    return 1;
}

/* Ends text where its memory ends, and seldom before. */
static void end_text(char *at, long long bytes) {
    for (long long i = 0; i < bytes - 1; i++)
        if (!at[i] && mix(test_seed + (uint64_t)i) % 64) at[i] = (char)('A' + i % 26);
    at[bytes - 1] = 0;
}

static void fill_buffer(int number) {
    struct buffer *b = &buffers[number];
    long long records = records_of(b), all = b->count * b->records;
    for (long long row = 0; row < b->row_count; row++) {
        char *at = element(b, b->low) + row * (row ? b->stride : 0);
        fill(at, (b->low - b->first) * b->records + row * all, records, all * b->row_count, b->record_bytes, b->leaves, b->leaf_count, (uint64_t)number);
        if (b->is_text && records > 0) end_text(at, records);
    }
    if (records > 0)
        put('b', number, element(b, b->low), records * b->row_count, records, b->row_count > 1 ? b->stride : 0, b->record_bytes, b->leaves, b->leaf_count);
}

static void set_member(const struct member *m) {
    const struct buffer *b = &buffers[m->buffer];
    long long bytes = element_bytes_of(b), end = m->offset + scalar_bytes[m->scalar];
    if (b->is_used && b->low * bytes <= m->offset && end <= b->high * bytes) memcpy(element(b, 0) + m->offset, &parameter_bits[m->value], (size_t)scalar_bytes[m->scalar]);
}

static void place_all(void) {
    /* What holds pointers comes before what they lead to. */
    for (int i = 0; i < most_parameters; i++)
        if (buffers[i].is_used && buffers[i].is_rows) count_rows(&buffers[i]);
    for (int i = 0; i < most_parameters; i++)
        if (buffers[i].is_used && buffers[i].global >= 0) place_in_global(&buffers[i]);
    for (int i = 0; i < most_parameters; i++) {
        /* There may be no row to lie in. */
        struct buffer *owner = &buffers[buffers[i].alias_of];
        if (!owner->is_used && owner->is_rows) buffers[i].alias_of = i;
    }
    for (int i = 0; i < most_parameters; i++)
        if (buffers[i].is_used && buffers[i].alias_of == i && buffers[i].global < 0) place_owner(i);
    for (int i = 0; i < most_parameters; i++) {
        struct buffer *b = &buffers[i];
        const struct buffer *owner = &buffers[b->alias_of];
        if (!b->is_used || b->alias_of == i) continue;
        if (!owner->is_used || owner->alias_of != b->alias_of) stop(exit_bad_test);
        b->element_zero = owner->element_zero + shift_bytes(b, element_bytes_of(owner));
    }
    for (int i = 0; i < most_parameters; i++)
        if (buffers[i].is_used) fill_buffer(i);
    for (int i = 0; i < most_parameters; i++)
        if (buffers[i].is_used && buffers[i].is_rows) link_rows(&buffers[i], 1);
    for (int i = 0; i < member_count; i++) set_member(&members[i]);
}

/* Whether every pointer still leads to the row that it led to. */
static int are_rows_linked(void) {
    for (int i = 0; i < most_parameters; i++)
        if (buffers[i].is_used && buffers[i].is_rows && !link_rows(&buffers[i], 0)) return 0;
    return 1;
}

void mupac_test_on_device(int buffer) { buffers[buffer].is_on_device = buffers[buffer].is_used; }

/* Brought by who runs kernels; an original has no use for them. They return zero where something fails. */
#ifdef __cplusplus
extern "C" {
#endif
extern char *mupac_test_reserve(size_t bytes) __attribute__((weak));
extern int mupac_test_copy(void *to, const void *from, size_t bytes, int is_to_device) __attribute__((weak));
extern int mupac_test_release(void *device) __attribute__((weak));
/* For them: how many bytes there are from an address on to the end of the buffer that it lies in, or of its row where rows lie apart. */
size_t mupac_test_bytes_from(const void *at) {
    for (int i = 0; i < owner_count; i++) {
        const struct buffer *b = owners[i];
        long long distance = (const char *)at - b->begin, row = row_bytes_of(b);
        if ((const char *)at < b->begin || b->end <= (const char *)at) continue;
        if (b->row_count <= 1 || b->stride <= row) return (size_t)(b->end - (const char *)at);
        return distance % b->stride < row ? (size_t)(row - distance % b->stride) : 0;
    }
    return 0;
}
#ifdef __cplusplus
}
#endif

/* Puts buffers on the device that the function finds there, each with all that shares its memory. */
static void to_device(void) {
    for (int i = 0; i < most_parameters; i++) {
        struct buffer *owner = &buffers[buffers[i].alias_of];
        size_t bytes = (size_t)(owner->end - owner->begin);
        if (!buffers[i].is_on_device || owner->device) continue;
        owner->device = mupac_test_reserve(bytes ? bytes : 1);
        if (!owner->device || (bytes && !mupac_test_copy(owner->device, owner->begin, bytes, 1))) stop(exit_too_large);
    }
}

/* Takes back what the function left in them. */
static void from_device(void) {
    for (int i = 0; i < most_parameters; i++) {
        struct buffer *owner = &buffers[i];
        size_t bytes = (size_t)(owner->end - owner->begin);
        if (!owner->device) continue;
        if (bytes && !mupac_test_copy(owner->begin, owner->device, bytes, 0)) stop(exit_too_large);
        if (!mupac_test_release(owner->device)) stop(exit_too_large);
        owner->device = 0;
    }
}

void *mupac_test_pointer(int buffer) {
    const struct buffer *b = &buffers[buffer], *owner = &buffers[b->alias_of];
    return b->is_on_device ? owner->device + (b->element_zero - owner->begin) : b->element_zero;
}

void mupac_test_global(int number, void *at, long long records, long long record_bytes, const struct mupac_test_leaf *leaves,
                       int leaf_count, int is_filled) {
    if (global_count == most_globals) stop(exit_bad_test);
    struct global *g = &globals[global_count++];
    g->at = (char *)at;
    g->records = records;
    g->record_bytes = record_bytes;
    g->leaves = leaves;
    g->leaf_count = leaf_count;
    if (is_filled && !test_keeps_globals) fill(g->at, 0, records, records, record_bytes, leaves, leaf_count, 1000u + (uint64_t)number);
    put('g', number, g->at, records, records, 0, record_bytes, leaves, leaf_count);
}

void mupac_test_result(const void *value, int scalar) {
    memcpy(&result_bits, value, (size_t)scalar_bytes[scalar]);
    result_scalar = scalar;
}

/* A byte of a memory, as a number that it has wherever that lies. */
static long long number_of(int holder, long long offset) { return ((long long)(holder + 1) << 40) + offset; }

/* The same of a byte of a buffer, of which `at` bytes lie before; what lies close around it is its own, too. */
static long long number_in(int holder, long long at) {
    const struct buffer *b = &buffers[holder];
    long long row = b->row_count > 1 ? at / b->stride : 0;
    if (row < 0) row = 0;
    if (row >= b->row_count && b->row_count > 1) row = b->row_count - 1;
    /* One byte more, so that the end of a row is not the start of the next. */
    return number_of(holder, row * (records_of(b) * b->record_bytes + 1) + at - row * b->stride);
}

/* The number of the byte that a pointer leads to; 0 where that is in no memory of the test, nor close to it. */
static long long place_of(const char *p) {
    const long long around = page_bytes;
    for (int i = 0; i < most_parameters; i++) {
        const struct buffer *b = &buffers[i];
        if (!b->is_used || b->alias_of != i || b->global >= 0) continue;
        long long bytes = b->end - b->begin, at = p - b->begin;
        if (b->device && p >= b->device && p - b->device <= bytes) at = p - b->device;
        if (at >= -around && at < bytes + around) return number_in(i, at);
    }
    for (int is_end = 0; is_end <= 1; is_end++)
        for (int i = 0; i < global_count; i++) {
            long long bytes = globals[i].records * globals[i].record_bytes, at = p - globals[i].at;
            if (at >= 0 && at < bytes + is_end) return number_of(most_parameters + i, at);
        }
    return 0;
}

void mupac_test_place(const volatile void *pointer, int scalar) {
    long long place = pointer ? place_of((const char *)pointer) : 0;
    if (pointer && !place) stop(exit_elsewhere);
    mupac_test_result(&place, scalar);
}
