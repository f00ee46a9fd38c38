// Contexts: where code goes on that is not running.
//
// A switch saves the registers that the System V ABI (x86-64, AMD64 psABI 1.0 §3.2.1) or the AAPCS64 (§6.1) lets a
// caller rely on; elsewhere, and with MUPAC_SIMT_PORTABLE, <ucontext.h> serves, slower.

#if defined(MUPAC_SIMT_PORTABLE) || (!defined(__x86_64__) && !defined(__aarch64__))
#define MUPAC_SIMT_UCONTEXT
#include <setjmp.h>
#include <ucontext.h>
#endif

namespace mupac_simt {

#ifndef MUPAC_SIMT_STACK_BYTES
#define MUPAC_SIMT_STACK_BYTES (256 * 1024)
#endif
const size_t stack_bytes = MUPAC_SIMT_STACK_BYTES;
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
.hidden mupac_simt_switch
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
.hidden mupac_simt_switch
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

// Where a stack begins that is the `number`-th and lies at `base`.
static char *stack_top(char *base, int number) { return base + stack_bytes - (size_t)(number % stagger_steps) * stagger_bytes; }

}  // namespace mupac_simt
