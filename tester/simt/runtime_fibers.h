// Fibers: stacks that take turns on the thread of the host that runs a launch.
//
// A switch saves the registers that the System V ABI (x86-64, AMD64 psABI 1.0 §3.2.1) or the AAPCS64 (§6.1) lets a
// caller rely on; elsewhere, and with MUPAC_SIMT_PORTABLE, <ucontext.h> serves, slower.

#if defined(MUPAC_SIMT_PORTABLE) || (!defined(__x86_64__) && !defined(__aarch64__))
#define MUPAC_SIMT_UCONTEXT
#include <setjmp.h>
#include <ucontext.h>
#endif

namespace mupac_simt {

const int most_threads = 1024;
// As many threads as the emulated device keeps resident at a time.
const int processors = 4;
const int most_processor_threads = 2048;
const int most_fibers = processors * most_processor_threads;
const size_t stack_bytes = 256 * 1024;
// Stacks start at different offsets: at a power-of-two distance their tops would share a few sets of the cache.
const size_t stagger_bytes = 64;
const int stagger_steps = 61;
const size_t usable_stack_bytes = stack_bytes - 4096 - stagger_bytes * stagger_steps;

#if defined(MUPAC_SIMT_UCONTEXT)
struct Context {
    ucontext_t registers;
    jmp_buf kept;     // the registers that callers rely on, and no others
    const char *low;  // where the callers' part of the stack ended when it was left
};
__attribute__((noinline)) static void switch_context(Context &from, Context &to) {
    (void)_setjmp(from.kept);
    from.low = (const char *)__builtin_frame_address(0);
    swapcontext(&from.registers, &to.registers);
}
static void prepare(Context &context, char *top, void (*entry)(void)) {
    getcontext(&context.registers);
    context.registers.uc_stack.ss_sp = top - usable_stack_bytes;
    context.registers.uc_stack.ss_size = usable_stack_bytes;
    context.registers.uc_link = 0;
    makecontext(&context.registers, entry, 0);
}
#elif defined(__x86_64__)
extern "C" void mupac_simt_switch(void **save, void *to);
asm(R"(
.text
.globl mupac_simt_switch
.type mupac_simt_switch, @function
mupac_simt_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size mupac_simt_switch, .-mupac_simt_switch
)");
struct Context {
    void *stack_pointer;
};
static void switch_context(Context &from, Context &to) { mupac_simt_switch(&from.stack_pointer, to.stack_pointer); }
static void prepare(Context &context, char *top, void (*entry)(void)) {
    void **sp = (void **)((uintptr_t)top & ~(uintptr_t)15);
    *--sp = 0;              // a return address that is never used keeps the stack aligned as after a call
    *--sp = (void *)entry;  // taken by `ret`
    for (int i = 0; i < 6; i++) *--sp = 0;
    context.stack_pointer = sp;
}
#elif defined(__aarch64__)
extern "C" void mupac_simt_switch(void **save, void *to);
asm(R"(
.text
.globl mupac_simt_switch
.type mupac_simt_switch, %function
mupac_simt_switch:
    sub sp, sp, #160
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
.size mupac_simt_switch, .-mupac_simt_switch
)");
struct Context {
    void *stack_pointer;
};
static void switch_context(Context &from, Context &to) { mupac_simt_switch(&from.stack_pointer, to.stack_pointer); }
static void prepare(Context &context, char *top, void (*entry)(void)) {
    void **sp = (void **)(((uintptr_t)top & ~(uintptr_t)15) - 160);
    memset(sp, 0, 160);
    sp[11] = (void *)entry;  // x30
    context.stack_pointer = sp;
}
#endif

static char *stacks;  // most_fibers slots of stack_bytes; the lowest page of each stays unmapped
static Context fiber_contexts[most_fibers];
static Context scheduler_context;
static int fibers_made = 0;

static char *stack_base(int fiber) { return stacks + (size_t)fiber * stack_bytes; }

// Maps one more stack and lets it start at `entry`; returns its number.
static int make_fiber(void (*entry)(void)) {
    if (fibers_made == most_fibers) fail("runtime", "more than %d threads wait at a time", most_fibers);
    int fiber = fibers_made++;
    char *base = stack_base(fiber);
    if (library.mprotect_(base + page_bytes, stack_bytes - page_bytes, PROT_READ | PROT_WRITE) != 0)
        fail("runtime", "cannot map a stack");
    prepare(fiber_contexts[fiber], base + stack_bytes - (size_t)(fiber % stagger_steps) * stagger_bytes, entry);
    return fiber;
}

// Source: FNV-1a, RFC 9923, over words. A stack holds the sanitizer's own red zones, which are read here like the rest.
__attribute__((no_sanitize("address"))) static uint64_t hash_words(uint64_t hash, const char *from, const char *to) {
    for (; from + 8 <= to; from += 8) hash = (hash ^ *(const uint64_t *)from) * 0x100000001b3ull;
    return hash;
}

// A number that stands for the registers and the stack of a fiber that does not run.
static uint64_t fiber_footprint(int fiber) {
    const Context &context = fiber_contexts[fiber];
    uint64_t hash = 0xcbf29ce484222325ull;
#if defined(MUPAC_SIMT_UCONTEXT)
    const char *from = context.low;
    hash = hash_words(hash, (const char *)&context.kept, (const char *)(&context.kept + 1));
#else
    const char *from = (const char *)context.stack_pointer;
#endif
    return hash_words(hash, from, stack_base(fiber) + stack_bytes - (size_t)(fiber % stagger_steps) * stagger_bytes);
}

}  // namespace mupac_simt
