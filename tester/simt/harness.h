/* What a generated test calls; in the common subset of C and C++. Every name starts with `mupac_test` or `MUPAC_TEST`, and
   parameters have none: a macro of the file under test must not change what stands here, not even one that is named like a keyword. */
#undef auto
#undef break
#undef case
#undef char
#undef const
#undef continue
#undef default
#undef do
#undef double
#undef else
#undef enum
#undef extern
#undef float
#undef for
#undef goto
#undef if
#undef inline
#undef int
#undef long
#undef register
#undef return
#undef short
#undef signed
#undef sizeof
#undef static
#undef struct
#undef switch
#undef typedef
#undef union
#undef unsigned
#undef void
#undef volatile
#undef while
#undef _Bool
#ifdef __cplusplus
#undef bool
#undef class
#undef decltype
#undef operator
#undef template
#define MUPAC_TEST_BOOL bool
/* C converts `void *` to any object pointer by itself; this does the same. */
struct mupac_test_any {
    void *mupac_test_at;
    template <class mupac_test_type> operator mupac_test_type *() const { return (mupac_test_type *)mupac_test_at; }
};
#define MUPAC_TEST_POINTER(mupac_test_buffer) mupac_test_any{mupac_test_pointer(mupac_test_buffer)}
/* C converts numbers to enumerations as well. */
template <class mupac_test_type> struct mupac_test_any_number {
    mupac_test_type mupac_test_value;
    template <class mupac_test_other> operator mupac_test_other() const { return (mupac_test_other)mupac_test_value; }
};
/* The translation finds the numbered buffer on the device, the original in C does not. */
#define MUPAC_TEST_ON_DEVICE(mupac_test_buffer) mupac_test_on_device(mupac_test_buffer)
#define MUPAC_TEST_NUMBER(mupac_test_value) mupac_test_any_number<decltype(mupac_test_value)>{mupac_test_value}
#else
#define MUPAC_TEST_BOOL _Bool
#define MUPAC_TEST_POINTER(mupac_test_buffer) mupac_test_pointer(mupac_test_buffer)
#define MUPAC_TEST_ON_DEVICE(mupac_test_buffer) ((void)0)
#define MUPAC_TEST_NUMBER(mupac_test_value) (mupac_test_value)
#endif
#ifdef __cplusplus
extern "C" {
#endif
struct mupac_test_leaf {
    int mupac_test_offset; /* from the start of a record, in bytes */
    int mupac_test_scalar; /* position in mupac_ir::Scalar::ALL */
};
/* Of the numbered parameter. */
long long mupac_test_integer(int);
double mupac_test_float(int);
int mupac_test_keeps_globals(void);
/* A buffer's number, its first element, their count, the records of one and their bytes, and the leaves of a record. */
void mupac_test_extent(int, long long, long long, long long, long long, const struct mupac_test_leaf *, int);
void *mupac_test_pointer(int);
void mupac_test_on_device(int);
/* A buffer of rows that pointers inside of memory lead to: its number, the buffer (or, as -1 - g, the global) that holds the
   pointers and where in each of its records, how many elements a row is given at first, and the records of an element and the rest as above. */
void mupac_test_rows(int, int, long long, long long, long long, long long, const struct mupac_test_leaf *, int);
/* Has the last element of a buffer be zero, as text ends. */
void mupac_test_text(int);
/* How many elements the rows of a buffer have, which exist as a whole. */
void mupac_test_row_length(int, long long);
/* Puts the numbered value into a buffer, at this distance from element 0 and of this scalar. */
void mupac_test_member(int, long long, int, int);
/* A global's number, where it is, its records and their bytes, the leaves of a record, and whether it is filled. */
void mupac_test_global(int, void *, long long, long long, const struct mupac_test_leaf *, int, int);
/* A value and its scalar. */
void mupac_test_result(const void *, int);
/* A pointer, and the scalar of the number that stands for where it leads. */
void mupac_test_place(const volatile void *, int);
void mupac_test_begin(void);
int mupac_test_mutant(void);
/* Of the numbered probe, and what it passes on. */
void mupac_test_enter(int);
int mupac_test_trip(int, int);
int mupac_test_branch(int, int);
void mupac_test_end(void);
extern const int mupac_test_entry_count;
extern void (*const mupac_test_entries[])(void);
#ifdef __cplusplus
}
#endif
