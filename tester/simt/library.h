/* The system's functions by the C library's own addresses: a file under test may define functions of these names.
   Source: Linux man-pages dlsym(3), RTLD_NEXT. */
#ifndef MUPAC_LIBRARY_H
#define MUPAC_LIBRARY_H
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define MUPAC_LIBRARY(use)                                                                                             \
    use(clock_gettime) use(close) use(getenv) use(madvise) use(mmap) use(mprotect) use(munmap) use(open) use(prctl)    \
        use(sigaction) use(sigaltstack) use(signal) use(syscall) use(vfprintf) use(write)

#define MUPAC_LIBRARY_MEMBER(name) __typeof__(name) *name##_;
#define MUPAC_LIBRARY_FIND(name) library.name##_ = (__typeof__(library.name##_))dlsym(RTLD_NEXT, #name);
static struct { MUPAC_LIBRARY(MUPAC_LIBRARY_MEMBER) } library;

/* Comes before any other use. */
static void find_library(void) { MUPAC_LIBRARY(MUPAC_LIBRARY_FIND) }
#endif
