// How a launch reads after its rewriting: mupac_simt::launch("k", mupac_simt::configuration(g, b), k, arguments).
#ifndef MUPAC_SIMT_LAUNCH_H
#define MUPAC_SIMT_LAUNCH_H

// How the number of iterations that pay for a launch reads after its rewriting.
template <class T> inline T mupac_simt_threshold(T usual) { return mupac_simt_keeps_thresholds() ? usual : 0; }

namespace mupac_simt {

inline Configuration configuration(dim3 grid, dim3 block, size_t shared_bytes = 0, cudaStream_t stream = 0) {
    Configuration c = {grid, block, shared_bytes, stream, 0};
    return c;
}

// The same for a kernel with `__launch_bounds__(threads)`.
inline Configuration bounded(unsigned threads, Configuration c) {
    c.max_threads = threads;
    return c;
}

// Pointers among the arguments of a launch.
template <class T> inline void judge_argument(const T &) {}
template <class T> inline void judge_argument(T *const &p) { mupac_simt_judge_argument(p); }

// The arguments of a launch, converted once to the kernel's parameter types and copied for each thread.
// The copies are the launch's own business, not accesses of the kernel: the race detector does not see them.
#define MUPAC_SIMT_LAUNCHER __attribute__((no_sanitize("thread")))

template <class... T> struct Arguments;
template <> struct Arguments<> {
    template <class F, class... Done> MUPAC_SIMT_LAUNCHER void call(F kernel, const Done &...done) const { kernel(done...); }
};
template <class Head, class... Tail> struct Arguments<Head, Tail...> {
    Head head;
    Arguments<Tail...> tail;
    template <class A, class... B> MUPAC_SIMT_LAUNCHER Arguments(A &&a, B &&...b) : head((A &&)a), tail((B &&)b...) { judge_argument(head); }
    template <class F, class... Done> MUPAC_SIMT_LAUNCHER void call(F kernel, const Done &...done) const { tail.call(kernel, done..., head); }
};

template <class... P> struct Bound {
    void (*kernel)(P...);
    Arguments<P...> arguments;
    MUPAC_SIMT_LAUNCHER static void run(void *state) {
        const Bound *bound = (const Bound *)state;
        bound->arguments.call(bound->kernel);
    }
};

template <class... P, class... A>
MUPAC_SIMT_LAUNCHER cudaError_t start(const char *name, Configuration c, bool is_cooperative, void (*kernel)(P...), A &&...a) {
    static_assert(sizeof...(P) == sizeof...(A), "the launch passes another number of arguments than the kernel takes");
    Bound<P...> bound = {kernel, Arguments<P...>((A &&)a...)};
    Launch launch = {name, c, &Bound<P...>::run, &bound, sizeof bound, is_cooperative};
    return (cudaError_t)mupac_simt_launch(&launch);
}

template <class... P, class... A> MUPAC_SIMT_LAUNCHER void launch(const char *name, Configuration c, void (*kernel)(P...), A &&...a) {
    start(name, c, false, kernel, (A &&)a...);
}

// Arguments by their addresses, as cudaLaunchKernel takes them.
struct Nothing {};
template <class Next, class... Rest> struct Unpacked {
    template <class F, class... Done>
    MUPAC_SIMT_LAUNCHER static cudaError_t start(const char *name, Configuration c, bool is_cooperative, F kernel, void **arguments, Done *...done) {
        return Unpacked<Rest...>::start(name, c, is_cooperative, kernel, arguments + 1, done..., (Next *)*arguments);
    }
};
template <> struct Unpacked<Nothing> {
    template <class F, class... Done>
    MUPAC_SIMT_LAUNCHER static cudaError_t start(const char *name, Configuration c, bool is_cooperative, F kernel, void **, Done *...done) {
        return mupac_simt::start(name, c, is_cooperative, kernel, *done...);
    }
};

// `extern __shared__ T name[];` reads `T (&name)[] = mupac_simt::DynamicShared();` after its rewriting.
struct DynamicShared {
    template <class T> operator T &() const { return *(T *)mupac_simt_dynamic_shared(); }
};

}  // namespace mupac_simt

template <class... P>
inline cudaError_t cudaLaunchKernel(void (*kernel)(P...), dim3 grid, dim3 block, void **arguments, size_t shared_bytes = 0, cudaStream_t stream = 0) {
    return mupac_simt::Unpacked<P..., mupac_simt::Nothing>::start("kernel", mupac_simt::configuration(grid, block, shared_bytes, stream), false, kernel, arguments);
}
template <class... P>
inline cudaError_t cudaLaunchCooperativeKernel(void (*kernel)(P...), dim3 grid, dim3 block, void **arguments, size_t shared_bytes = 0, cudaStream_t stream = 0) {
    return mupac_simt::Unpacked<P..., mupac_simt::Nothing>::start("kernel", mupac_simt::configuration(grid, block, shared_bytes, stream), true, kernel, arguments);
}

#endif
