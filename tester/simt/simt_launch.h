// How a launch reads after its rewriting: mupac_simt::launch("k", mupac_simt::configuration(g, b), k, arguments).
#ifndef MUPAC_SIMT_LAUNCH_H
#define MUPAC_SIMT_LAUNCH_H

namespace mupac_simt {

inline Configuration configuration(dim3 grid, dim3 block, size_t shared_bytes = 0, cudaStream_t stream = 0) {
    Configuration c = {grid, block, shared_bytes, stream};
    return c;
}

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
    template <class A, class... B> MUPAC_SIMT_LAUNCHER Arguments(A &&a, B &&...b) : head((A &&)a), tail((B &&)b...) {}
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
MUPAC_SIMT_LAUNCHER void launch(const char *name, Configuration c, void (*kernel)(P...), A &&...a) {
    static_assert(sizeof...(P) == sizeof...(A), "the launch passes another number of arguments than the kernel takes");
    Bound<P...> bound = {kernel, Arguments<P...>((A &&)a...)};
    Launch launch = {name, c, &Bound<P...>::run, &bound};
    mupac_simt_launch(&launch);
}

// `extern __shared__ T name[];` reads `T (&name)[] = mupac_simt::DynamicShared();` after its rewriting.
struct DynamicShared {
    template <class T> operator T &() const { return *(T *)mupac_simt_dynamic_shared(); }
};

}  // namespace mupac_simt

#endif
