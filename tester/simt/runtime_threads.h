// Threads of the host: one at a time uses the device.
//
// A program may call CUDA from several threads. A call, with the kernels that it runs, holds the device until it returns;
// meanwhile the other threads go on with code of the host, and what they touch is no access of the kernel.

namespace mupac_simt {

static pthread_mutex_t device = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

// Held by a thread that uses the device, or memory that it shares with the host.
struct Entry {
    Entry() { pthread_mutex_lock(&device); }
    ~Entry() { pthread_mutex_unlock(&device); }
    Entry(const Entry &) = delete;
};

static __thread char here;         // another address on each thread of the host
static const char *kernel_at = 0;  // that of the thread that runs a kernel; null where none does

// Variables of `__shared__` are those of the thread that runs the kernel; where they begin, seen from `here`.
static ptrdiff_t shared_begin = 0;

static inline bool is_in_kernel() { return kernel_at == &here; }

}  // namespace mupac_simt
