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

// What each thread of the host has of its own; the runtime's only such variable, which lies behind those of the program.
struct Own {
    cudaError_t last_error;
};
static __thread Own own;
static const Own *kernel_at = 0;  // that of the thread that runs a kernel; null where none does

static inline bool is_in_kernel() { return kernel_at == &own; }

}  // namespace mupac_simt
