// mupac: --memory=device
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include "host-memory.h"
#include "host-memory.h" // stays a header
#include "host-memory-system.h"

void size_in_memory(const int *n, float *x) {
    for (int i = 0; i < *n; i++) //~ host-memory: the host reads or writes what n leads to
        x[i] *= 2;
}

void loop_on_the_host(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: other text of the function names x, which leads to memory of the device
        x[i] *= 2;
    for (int i = 1; i < n; i++) //~ carried-dependence: i = 2 reads x[1], which i = 1 wrote
        x[i] = x[i] * x[i - 1] + 1;
}

float read_behind_the_loop(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: other text of the function names x, which leads to memory of the device
        x[i] *= 2;
    return x[0];
}

void called(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: this file itself names called, and calls it with memory of the host
        x[i] *= 2;
}

void caller(int n) {
    float *x = malloc(n * sizeof *x);
    if (x) called(n, x);
    free(x);
}

#define CALL(name) called_##name
void called_too(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: this file itself names called_too, and calls it with memory of the host
        x[i] *= 2;
}

float caller_too(void) {
    float own[3] = {1, 2, 3};
    CALL(too)(3, own);
    return own[2];
}

static void kept(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: nobody outside of this file calls kept
        x[i] *= 2;
}

void unknown_home(int n, float *x) {
    float *p = n > 3 ? x : malloc(n * sizeof *p);
    for (int i = 0; i < n; i++) //~ host-memory: p may lead to memory of the device or of the host
        p[i] = 2;
}

void joined_in_memory(int n, const float *x, float *sum) {
    for (int i = 0; i < n; i++) //~ host-memory: the host reads or writes what sum leads to
        *sum += x[i];
}

void subscripts_in_memory(int n, const int *at, const float *x, float *y) {
    for (int i = 0; i < n; i++) //~ host-memory: the host has to look for the subscripts of y first
        y[at[i]] = x[i];
}

void any_pointer(int n, float *x, void *out) {
    for (int i = 0; i < n; i++) //~ host-memory: other text of the function names out, which leads to memory of the device
        x[i] *= 2;
    memset(out, 0, 4);
}

void called_by_header(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: a header of this file names called_by_header
        x[i] *= 2;
}

void called_by_macro(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: this file itself names called_by_macro
        x[i] *= 2;
}

void called_by_text(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: this file itself names called_by_text
        x[i] *= 2;
}

void called_by_table(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: this file itself names called_by_table
        x[i] *= 2;
}

void called_by_alias(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: this file itself names called_by_alias
        x[i] *= 2;
}

#define BY(name) called_by_##name
static void (*const table[])(int, float *) = {[1] = BY(table)};
void alias(int n, float *x) __attribute__((alias("called_by_alias")));

float all(int which) {
    float own[3] = {1, 2, 3};
    call(own);
    call_by_other_names(own);
    system_header(own);
    printf("%Lf\n", (long double)(CALL_BY_MACRO(3, own), BY(text)(3, own), own[1]));
    table[which](3, own);
    alias(3, own);
    return own[2];
}

#define FIRST (x[0] + 0.0L)
void read_by_a_macro(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: other text of the function names x, which leads to memory of the device
        x[i] *= 2;
    printf("%Lf\n", FIRST);
}

void called_by_alias_in_header(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: a header of this file names called_by_alias_in_header, and calls it with memory of the host
        x[i] *= 2;
}

void called_by_reference(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: a header of this file names called_by_reference, and calls it with memory of the host
        x[i] *= 2;
}

void called_by_label(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: a header of this file names called_by_label, and calls it with memory of the host
        x[i] *= 2;
}

void called_by_label_of_another(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: a header of this file names called_by_label_of_another, and calls it with memory of the host
        x[i] *= 2;
}

void called_by_pragma(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: a header of this file names called_by_pragma, and calls it with memory of the host
        x[i] *= 2;
}

void called_by_look_up(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: a header of this file names called_by_look_up, and calls it with memory of the host
        x[i] *= 2;
}

void called_by_system_header(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: a header of this file names called_by_system_header, and calls it with memory of the host
        x[i] *= 2;
}

void called_at_the_end(float (*x)[3]) {
    for (int i = 0; i < 3; i++) //~ host-memory: a header of this file names called_at_the_end, and calls it with memory of the host
        (*x)[i] *= 2;
}

__attribute__((constructor)) void called_at_the_start(int n, char *x) {
    for (int i = 0; i < n; i++) //~ host-memory: this file itself names called_at_the_start, and calls it with memory of the host
        x[i] = 2;
}

char *strncpy(char *to, const char *from, size_t n) {
    for (size_t i = 0; i < n; i++) //~ host-memory: this file itself names strncpy, and calls it with memory of the host
        to[i] = from[i];
    return to;
}

void scaled(int n, float *x) {
    for (int i = 0; i < n; i++) x[i] *= 2; //~ host-memory: this file itself names scaled, and calls it with memory of the host
}

void with_an_array_of_its_own(int n, float *x) {
    float own[3] = {1, 2, 3};
    scaled(3, own);
    scaled(n, x);
}

void moved(int n, float *x) {
    for (int i = 0; i < n; i++) x[i] += 2; //~ host-memory: this file itself names moved, and calls it with memory of the host
}

void by_a_size_in_memory(const int *n, float *x) {
    moved(*n, x);
}

void stored(int n, float *x) {
    for (int i = 0; i < n; i++) x[i] -= 2; //~ host-memory: this file itself names stored, and calls it with memory of the host
}

float reads_what_it_passes_on(int n, float *x) {
    stored(n, x);
    return x[0];
}

void called_in_two_ways(int n, float *x) {
    for (int i = 0; i < n; i++) x[i] /= 2; //~ host-memory: this file itself names called_in_two_ways, and calls it with memory of the host
}

void passes_it_on(int n, float *x) {
    called_in_two_ways(n, x);
}

void by_its_address(int n, float *x) {
    void (*f)(int, float *) = called_in_two_ways;
    f(n, x);
}
