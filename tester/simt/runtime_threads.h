// Threads of the host: one at a time uses the device.
//
// A program may call CUDA from several threads. A call, with the kernels that it runs, holds the device until it returns;
// meanwhile the other threads go on with code of the host, and what they touch is no access of the kernel.

namespace mupac_simt {

// What each thread of the host has of its own; the runtime's only such variable, which lies behind those of the program.
struct HostThread {
    cudaError_t last_error;
    const void *site;  // of the access that is judged in a traced run; null outside of one
};
static __thread HostThread this_thread;
static const HostThread *holder = 0;         // the thread that uses the device; null where none does
static const HostThread *kernel_thread = 0;  // the thread that runs a kernel

static inline bool is_in_kernel() { return kernel_thread == &this_thread; }

static pthread_mutex_t device_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

// Held by a thread that uses the device, or memory that it shares with the host. Functions of the program that a stream
// calls (cudaLaunchHostFunc) run while it is held.
struct Entry {
    const HostThread *before;
    Entry() {
        pthread_mutex_lock(&device_lock);
        before = holder;
        holder = &this_thread;
    }
    ~Entry() {
        holder = before;
        pthread_mutex_unlock(&device_lock);
    }
    Entry(const Entry &) = delete;
};

}  // namespace mupac_simt
