/* What a generated test calls; in the common subset of C and C++, without macros or headers of its own that could meet
   those of the file under test. */
#ifdef __cplusplus
#define MUPAC_TEST_BOOL bool
/* C converts `void *` to any object pointer by itself; this does the same. */
struct mupac_test_any {
    void *at;
    template <class T> operator T *() const { return (T *)at; }
};
#define MUPAC_TEST_POINTER(buffer) mupac_test_any{mupac_test_pointer(buffer)}
/* C converts numbers to enumerations as well. */
template <class Number> struct mupac_test_any_number {
    Number value;
    template <class T> operator T() const { return (T)value; }
};
#define MUPAC_TEST_NUMBER(value) mupac_test_any_number<decltype(value)>{value}
#else
#define MUPAC_TEST_BOOL _Bool
#define MUPAC_TEST_POINTER(buffer) mupac_test_pointer(buffer)
#define MUPAC_TEST_NUMBER(value) (value)
#endif
#ifdef __cplusplus
extern "C" {
#endif
struct mupac_test_leaf {
    int offset; /* from the start of a record, in bytes */
    int scalar; /* position in mupac_ir::Scalar::ALL */
};
long long mupac_test_integer(int parameter);
double mupac_test_float(int parameter);
int mupac_test_keeps_globals(void);
void mupac_test_extent(int buffer, long long first, long long count, long long records, long long record_bytes,
                       const struct mupac_test_leaf *leaves, int leaf_count);
void *mupac_test_pointer(int buffer);
void mupac_test_global(int number, void *at, long long records, long long record_bytes,
                       const struct mupac_test_leaf *leaves, int leaf_count, int is_filled);
void mupac_test_result(const void *value, int scalar);
void mupac_test_begin(void);
int mupac_test_mutant(void);
void mupac_test_enter(int probe);
int mupac_test_trip(int probe, int goes_on);
int mupac_test_branch(int probe, int is_taken);
void mupac_test_end(void);
extern const int mupac_test_entry_count;
extern void (*const mupac_test_entries[])(void);
#ifdef __cplusplus
}
#endif
