#pragma once
/* What host-memory.c does not say itself. */
void called_by_header(int n, float *x);
static inline void call(float *x) { called_by_header(3, x); }
#define CALL_BY_MACRO(n, x) called_by_macro(n, x)
extern void alias_in_header(int n, float *x) __attribute__((alias("called_by_alias_" "in_header")));
static void reference(int n, float *x) __attribute__((weakref("called_by_reference")));
void called_by_label(int n, float *x) __asm__("label");
void label(int n, float *x);
void label_of_another(int n, float *x) __asm__("called_by_label_of_another");
#pragma redefine_extname extended called_by_pragma
void extended(int n, float *x);
void called_at_the_end(float (*x)[3]);
void *dlsym(void *handle, const char *name);

static inline void call_by_other_names(float *own) {
    float local[3] __attribute__((cleanup(called_at_the_end))) = {1};
    alias_in_header(3, own);
    reference(3, own);
    label(3, own);
    label_of_another(3, local);
    extended(3, own);
    ((void (*)(int, float *))dlsym(0, "called_by_look_up"))(3, own);
}
__attribute__((nonnull)) void not_called(float *loop_on_the_host);
