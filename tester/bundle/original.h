/* Behind the text of an original and its callers: sends what the callers ask for to the harness, which is in another
   program file, and hands it the callers.
   The original is a shared library so that it can be called in turn with the translated text, whose functions have the
   same names. */
struct mupac_bundle_host {
    long long (*integer)(int);
    double (*floating)(int);
    int (*keeps_globals)(void);
    void (*extent)(int, long long, long long, long long, long long, const struct mupac_test_leaf *, int);
    void (*rows)(int, int, long long, long long, long long, long long, const struct mupac_test_leaf *, int);
    void (*text)(int);
    void (*row_length)(int, long long);
    void (*member)(int, long long, int, int);
    void *(*pointer)(int);
    void (*global)(int, void *, long long, long long, const struct mupac_test_leaf *, int, int);
    void (*result)(const void *, int);
    void (*place)(const volatile void *, int);
    void (*begin)(void);
    void (*end)(void);
};
static const struct mupac_bundle_host *mupac_bundle_host;

long long mupac_test_integer(int parameter) { return mupac_bundle_host->integer(parameter); }
double mupac_test_float(int parameter) { return mupac_bundle_host->floating(parameter); }
int mupac_test_keeps_globals(void) { return mupac_bundle_host->keeps_globals(); }
void mupac_test_extent(int buffer, long long first, long long count, long long records, long long record_bytes,
                       const struct mupac_test_leaf *leaves, int leaf_count) {
    mupac_bundle_host->extent(buffer, first, count, records, record_bytes, leaves, leaf_count);
}
void mupac_test_rows(int buffer, int holder, long long offset, long long count, long long records, long long record_bytes,
                     const struct mupac_test_leaf *leaves, int leaf_count) {
    mupac_bundle_host->rows(buffer, holder, offset, count, records, record_bytes, leaves, leaf_count);
}
void mupac_test_text(int buffer) { mupac_bundle_host->text(buffer); }
void mupac_test_row_length(int buffer, long long length) { mupac_bundle_host->row_length(buffer, length); }
void mupac_test_member(int buffer, long long offset, int scalar, int value) {
    mupac_bundle_host->member(buffer, offset, scalar, value);
}
void *mupac_test_pointer(int buffer) { return mupac_bundle_host->pointer(buffer); }
void mupac_test_global(int number, void *at, long long records, long long record_bytes, const struct mupac_test_leaf *leaves,
                       int leaf_count, int is_filled) {
    mupac_bundle_host->global(number, at, records, record_bytes, leaves, leaf_count, is_filled);
}
void mupac_test_result(const void *value, int scalar) { mupac_bundle_host->result(value, scalar); }
void mupac_test_place(const volatile void *pointer, int scalar) { mupac_bundle_host->place(pointer, scalar); }
void mupac_test_begin(void) { mupac_bundle_host->begin(); }
void mupac_test_end(void) { mupac_bundle_host->end(); }

__attribute__((visibility("default"))) int mupac_bundle_connect(const struct mupac_bundle_host *host,
                                                               void (*const **entries)(void)) {
    mupac_bundle_host = host;
    *entries = mupac_test_entries;
    return mupac_test_entry_count;
}
