// The functions that -fsanitize=thread, -fsanitize=alignment and -fsanitize=bounds call, and the copies that the first does
// not instrument: the headers give those of the candidate other names.
// Source: the interfaces of compiler-rt's ThreadSanitizer, tsan_interface.h and tsan_interface_atomic.h, and of its
// UndefinedBehaviorSanitizer, ubsan_handlers.h.

// Judges an access by the caller of a hook.
#define MUPAC_SIMT_TELL(...) (mupac_simt::come_from(__builtin_return_address(0)), mupac_simt::access(__VA_ARGS__))

#define MUPAC_SIMT_PLAIN(bytes)                                                                                      \
    extern "C" void __tsan_read##bytes(void *p) { MUPAC_SIMT_TELL(p, bytes, mupac_simt::reading, true); }            \
    extern "C" void __tsan_write##bytes(void *p) { MUPAC_SIMT_TELL(p, bytes, mupac_simt::writing, true); }           \
    extern "C" void __tsan_unaligned_read##bytes(void *p) { MUPAC_SIMT_TELL(p, bytes, mupac_simt::reading, true); }  \
    extern "C" void __tsan_unaligned_write##bytes(void *p) { MUPAC_SIMT_TELL(p, bytes, mupac_simt::writing, true); } \
    extern "C" void __tsan_volatile_read##bytes(void *p) { MUPAC_SIMT_TELL(p, bytes, mupac_simt::peeking, true); }   \
    extern "C" void __tsan_volatile_write##bytes(void *p) { MUPAC_SIMT_TELL(p, bytes, mupac_simt::poking, true); }

MUPAC_SIMT_PLAIN(1)
MUPAC_SIMT_PLAIN(2)
MUPAC_SIMT_PLAIN(4)
MUPAC_SIMT_PLAIN(8)
MUPAC_SIMT_PLAIN(16)

extern "C" {

void __tsan_init(void) {}
void __tsan_func_entry(void *) {}
void __tsan_func_exit(void) {}
void __tsan_vptr_read(void **p) { MUPAC_SIMT_TELL(p, sizeof(void *), mupac_simt::reading, true); }
void __tsan_vptr_update(void **p, void *) { MUPAC_SIMT_TELL(p, sizeof(void *), mupac_simt::writing, true); }

// Whole structures: padding need not have been written.
void __tsan_read_range(void *p, unsigned long bytes) {
    if (bytes) MUPAC_SIMT_TELL(p, bytes, mupac_simt::reading, false);
}
void __tsan_write_range(void *p, unsigned long bytes) {
    if (bytes) MUPAC_SIMT_TELL(p, bytes, mupac_simt::writing, false);
}

}  // extern "C"

struct mupac_simt_place {
    const char *file;
    uint32_t line, column;
};
struct mupac_simt_type {
    uint16_t kind, information;  // of an integer: 0, and twice log2 of its bits and whether it is signed
    char name[1];
};

// What is said of an address that does not fit its type.
struct mupac_simt_misplaced {
    struct mupac_simt_place place;
    const struct mupac_simt_type *type;
    unsigned char alignment_log, access;
};

// What is said of a subscript that does not fit its array.
struct mupac_simt_outside {
    struct mupac_simt_place place;
    const struct mupac_simt_type *array, *subscript;
};

extern "C" void __ubsan_handle_type_mismatch_v1(const struct mupac_simt_misplaced *what, const void *p) {
    mupac_simt::come_from(__builtin_return_address(0));
    mupac_simt::judge_alignment(p, (size_t)1 << what->alignment_log);
}

extern "C" void __ubsan_handle_out_of_bounds(const struct mupac_simt_outside *what, uintptr_t subscript) {
    if (!mupac_simt::is_in_kernel()) return;
    mupac_simt::come_from(__builtin_return_address(0));
    int bits = what->subscript->kind == 0 ? 1 << (what->subscript->information >> 1) : 64, unused = 64 - bits;
    bool is_signed = what->subscript->information & 1;
    long long value = unused < 0 || unused > 63 ? (long long)subscript : is_signed ? (long long)(subscript << unused) >> unused : (long long)(subscript << unused >> unused);
    mupac_simt::fail_subscript(value, what->array->name);
}

// By the names that the headers give them, and those that clang calls by itself.
#define MUPAC_SIMT_COPY(name, function)                                      \
    extern "C" void *name(void *to, const void *from, size_t bytes) {        \
        if (bytes) MUPAC_SIMT_TELL(from, bytes, mupac_simt::reading, false); \
        if (bytes) MUPAC_SIMT_TELL(to, bytes, mupac_simt::writing, false);   \
        return function(to, from, bytes);                                    \
    }
#define MUPAC_SIMT_SET(name)                                               \
    extern "C" void *name(void *to, int value, size_t bytes) {             \
        if (bytes) MUPAC_SIMT_TELL(to, bytes, mupac_simt::writing, false); \
        return memset(to, value, bytes);                                   \
    }

MUPAC_SIMT_COPY(mupac_simt_memcpy, memcpy)
MUPAC_SIMT_COPY(__tsan_memcpy, memcpy)
MUPAC_SIMT_COPY(mupac_simt_memmove, memmove)
MUPAC_SIMT_COPY(__tsan_memmove, memmove)
MUPAC_SIMT_SET(mupac_simt_memset)
MUPAC_SIMT_SET(__tsan_memset)

extern "C" {

void __tsan_atomic_thread_fence(int) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    mupac_simt_fence(0);
}
void __tsan_atomic_signal_fence(int) {}

}  // extern "C"

// Several threads of the host may be in here.
#define MUPAC_SIMT_READ_MODIFY_WRITE(bits, type, name, function)                      \
    extern "C" type __tsan_atomic##bits##_##name(volatile type *p, type value, int) { \
        MUPAC_SIMT_TELL((const void *)p, sizeof(type), mupac_simt::updating, true);   \
        return function(p, value, __ATOMIC_SEQ_CST);                                  \
    }

#define MUPAC_SIMT_ATOMICS(bits, type)                                                                                 \
    extern "C" type __tsan_atomic##bits##_load(const volatile type *p, int) {                                          \
        MUPAC_SIMT_TELL((const void *)p, sizeof(type), mupac_simt::glancing, true);                                    \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                                   \
    }                                                                                                                  \
    extern "C" void __tsan_atomic##bits##_store(volatile type *p, type value, int) {                                   \
        MUPAC_SIMT_TELL((const void *)p, sizeof(type), mupac_simt::updating, false);                                   \
        __atomic_store_n(p, value, __ATOMIC_SEQ_CST);                                                                  \
    }                                                                                                                  \
    extern "C" int __tsan_atomic##bits##_compare_exchange_strong(volatile type *p, type *expected, type v, int, int) { \
        MUPAC_SIMT_TELL((const void *)p, sizeof(type), mupac_simt::updating, true);                                    \
        return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                 \
    }                                                                                                                  \
    extern "C" int __tsan_atomic##bits##_compare_exchange_weak(volatile type *p, type *e, type v, int a, int b) {      \
        return __tsan_atomic##bits##_compare_exchange_strong(p, e, v, a, b);                                           \
    }                                                                                                                  \
    extern "C" type __tsan_atomic##bits##_compare_exchange_val(volatile type *p, type e, type v, int a, int b) {       \
        __tsan_atomic##bits##_compare_exchange_strong(p, &e, v, a, b);                                                 \
        return e;                                                                                                      \
    }                                                                                                                  \
    MUPAC_SIMT_READ_MODIFY_WRITE(bits, type, exchange, __atomic_exchange_n)                                            \
    MUPAC_SIMT_READ_MODIFY_WRITE(bits, type, fetch_add, __atomic_fetch_add)                                            \
    MUPAC_SIMT_READ_MODIFY_WRITE(bits, type, fetch_sub, __atomic_fetch_sub)                                            \
    MUPAC_SIMT_READ_MODIFY_WRITE(bits, type, fetch_and, __atomic_fetch_and)                                            \
    MUPAC_SIMT_READ_MODIFY_WRITE(bits, type, fetch_or, __atomic_fetch_or)                                              \
    MUPAC_SIMT_READ_MODIFY_WRITE(bits, type, fetch_xor, __atomic_fetch_xor)                                            \
    MUPAC_SIMT_READ_MODIFY_WRITE(bits, type, fetch_nand, __atomic_fetch_nand)

MUPAC_SIMT_ATOMICS(8, unsigned char)
MUPAC_SIMT_ATOMICS(16, unsigned short)
MUPAC_SIMT_ATOMICS(32, unsigned)
MUPAC_SIMT_ATOMICS(64, unsigned long)
