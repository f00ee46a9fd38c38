// Launches, streams and events of the CUDA Runtime API.

namespace mupac_simt {

const unsigned max_block_threads = 1024;
const unsigned default_shared_bytes = 48 * 1024;
const size_t processor_shared_bytes = 228 * 1024;
const int most_processor_blocks = 32;

struct SharedLimit {
    const void *kernel;
    int bytes;
};
static Growing<SharedLimit> shared_limits;

static int shared_limit(const void *kernel) {
    for (size_t i = shared_limits.count; i-- > 0;)
        if (shared_limits[i].kernel == kernel) return shared_limits[i].bytes;
    return (int)default_shared_bytes;
}

// How many blocks a multiprocessor holds at a time. The system keeps 1 KB of shared memory for each block.
static int resident_blocks(int block_threads, size_t shared_bytes) {
    int warps = (block_threads + 31) / 32;
    int by_threads = most_processor_threads / 32 / (warps ? warps : 1);
    int by_shared = (int)(processor_shared_bytes / (shared_bytes + 1024));
    int blocks = by_threads < by_shared ? by_threads : by_shared;
    return blocks < most_processor_blocks ? blocks : most_processor_blocks;
}

static cudaError_t check_configuration(const Launch &launch, const void *kernel) {
    const Configuration &c = launch.configuration;
    uint64_t in_block = (uint64_t)c.block.x * c.block.y * c.block.z;
    if (in_block == 0 || c.grid.x == 0 || c.grid.y == 0 || c.grid.z == 0) return cudaErrorInvalidConfiguration;
    if (in_block > max_block_threads || c.block.x > 1024 || c.block.y > 1024 || c.block.z > 64) return cudaErrorInvalidConfiguration;
    if (c.grid.x > 0x7fffffffu || c.grid.y > 65535 || c.grid.z > 65535) return cudaErrorInvalidConfiguration;
    if (c.max_threads && in_block > c.max_threads) return cudaErrorLaunchOutOfResources;
    if (c.shared_bytes > (size_t)shared_limit(kernel)) return cudaErrorInvalidValue;
    uint64_t blocks = (uint64_t)c.grid.x * c.grid.y * c.grid.z;
    if (launch.is_cooperative && blocks > (uint64_t)(resident_blocks((int)in_block, c.shared_bytes) * processors))
        return cudaErrorCooperativeLaunchTooLarge;
    return cudaSuccess;
}

static void perform_launch(Operation &o) {
    const Configuration &c = o.launch.configuration;
    operation_name = "";
    block_extent = c.block;
    grid_extent = c.grid;
    thread_count = (int)(c.block.x * c.block.y * c.block.z);
    dynamic_shared_bytes = dynamic_shared.bytes = c.shared_bytes;
    resident_limit = resident_blocks(thread_count, c.shared_bytes) * processors;
    current_kernel = o.launch.kernel;
    count_launch(o.launch.kernel);
    run_grid(o.launch);
    current_kernel = "";
    free_aligned_block(o.state);
    o.state = 0;
}

static void perform_record(Operation &o) { library.clock_gettime_(CLOCK_MONOTONIC, &o.event->at); }
static void perform_nothing(Operation &) {}
static void perform_call(Operation &o) {
    o.function(o.state);
}

// A test that asks for more threads than this takes seconds, since every access is watched: it is too large. A launch counts
// as some threads, and those of a whole program as none.
const unsigned long long most_threads_of_test = 1ull << 22, threads_of_launch = 256;
static unsigned long long asked_threads = 0, asked_launches = 0;
static bool is_test = false;

static void limit_work(const Configuration &c) {
    asked_launches++;
    asked_threads += threads_of_launch + (unsigned long long)c.grid.x * c.grid.y * c.grid.z * c.block.x * c.block.y * c.block.z;
    if (!is_test || sample_size || asked_threads <= most_threads_of_test) return;
    finish_all();  // what is wrong already is told
    report_launches();
    report_line("too-large\t%llu\n", asked_launches);
    _exit(exit_too_large);
}

}  // namespace mupac_simt

extern "C" {

// A program that counts and times launches (bundle/device.cu) is told of each.
void mupac_bundle_before_launch(cudaStream_t stream) __attribute__((weak));
void mupac_bundle_after_launch(cudaStream_t stream) __attribute__((weak));

int mupac_simt_launch(const Launch *launch) {
    Entry entry;
    if (is_in_kernel()) fail("crash", "a kernel launches %s", launch->kernel);
    const void *kernel = *(const void *const *)launch->state;
    cudaError_t status = check_configuration(*launch, kernel);
    Stream *stream = stream_of(launch->configuration.stream);
    if (status == cudaSuccess && !stream) status = cudaErrorInvalidResourceHandle;
    if (remember(status, launch->kernel) != cudaSuccess) return (int)status;
    limit_work(launch->configuration);
    if (mupac_bundle_before_launch) mupac_bundle_before_launch(launch->configuration.stream);
    Operation &o = queue(stream, launch->kernel, perform_launch);
    o.launch = *launch;
    // Arguments are plain data: CUDA copies them byte by byte as well.
    o.state = aligned_block(launch->state_bytes);
    memcpy(o.state, launch->state, launch->state_bytes);
    o.launch.state = o.state;
    if (mupac_bundle_after_launch) mupac_bundle_after_launch(launch->configuration.stream);
    return (int)cudaSuccess;
}

cudaError_t mupac_simt_allow_shared(const void *kernel, int bytes) {
    Entry entry;
    if (bytes < 0 || bytes > max_dynamic_shared_bytes) return remember(cudaErrorInvalidValue, "cudaFuncSetAttribute");
    SharedLimit limit = {kernel, bytes};
    shared_limits.add(limit);
    return cudaSuccess;
}

cudaError_t mupac_simt_occupancy(int *blocks, int block_threads, size_t shared_bytes) {
    if (!blocks || block_threads <= 0 || block_threads > (int)max_block_threads) return remember(cudaErrorInvalidValue, "cudaOccupancy");
    *blocks = resident_blocks(block_threads, shared_bytes);
    return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize(void) {
    Entry entry;
    finish_all();
    return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags) {
    Entry entry;
    if (!stream || flags > cudaStreamNonBlocking) return remember(cudaErrorInvalidValue, "cudaStreamCreateWithFlags");
    *stream = add_stream(flags != cudaStreamNonBlocking);
    return cudaSuccess;
}
cudaError_t cudaStreamCreate(cudaStream_t *stream) { return cudaStreamCreateWithFlags(stream, cudaStreamDefault); }
cudaError_t cudaStreamCreateWithPriority(cudaStream_t *stream, unsigned flags, int) { return cudaStreamCreateWithFlags(stream, flags); }
cudaError_t cudaDeviceGetStreamPriorityRange(int *least, int *greatest) {
    if (least) *least = 0;
    if (greatest) *greatest = -5;
    return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t handle) {
    Entry entry;
    Stream *stream = stream_of(handle);
    if (!stream || stream == &default_stream) return remember(cudaErrorInvalidResourceHandle, "cudaStreamDestroy");
    // What is queued still runs, when somebody waits for all of the device.
    stream->is_destroyed = true;
    return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
    Entry entry;
    Stream *stream = stream_of(handle);
    if (!stream) return remember(cudaErrorInvalidResourceHandle, "cudaStreamSynchronize");
    finish(stream->last);
    return cudaSuccess;
}
cudaError_t cudaStreamQuery(cudaStream_t handle) {
    Entry entry;
    Stream *stream = stream_of(handle);
    if (!stream) return remember(cudaErrorInvalidResourceHandle, "cudaStreamQuery");
    return is_idle(stream) ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t handle, cudaEvent_t event, unsigned) {
    Entry entry;
    Stream *stream = stream_of(handle);
    if (!stream || !is_event(event)) return remember(cudaErrorInvalidResourceHandle, "cudaStreamWaitEvent");
    if (event->record) come_after(queue(stream, "cudaStreamWaitEvent", perform_nothing), event->record);
    return cudaSuccess;
}
cudaError_t cudaLaunchHostFunc(cudaStream_t handle, cudaHostFn_t function, void *argument) {
    Entry entry;
    Stream *stream = stream_of(handle);
    if (!stream) return remember(cudaErrorInvalidResourceHandle, "cudaLaunchHostFunc");
    if (!function) return remember(cudaErrorInvalidValue, "cudaLaunchHostFunc");
    Operation &o = queue(stream, "cudaLaunchHostFunc", perform_call);
    o.function = function;
    o.state = argument;
    return cudaSuccess;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags) {
    if (!event) return remember(cudaErrorInvalidValue, "cudaEventCreate");
    *event = (cudaEvent_t)zeroed_block(sizeof(Event));
    (*event)->is_timed = !(flags & cudaEventDisableTiming);
    return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
    Entry entry;
    if (!is_event(event)) return remember(cudaErrorInvalidResourceHandle, "cudaEventDestroy");
    event->is_destroyed = true;  // its handle stays known, so that a second use is seen
    return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t handle) {
    Entry entry;
    Stream *stream = stream_of(handle);
    if (!stream || !is_event(event)) return remember(cudaErrorInvalidResourceHandle, "cudaEventRecord");
    Operation &o = queue(stream, "cudaEventRecord", perform_record);
    o.event = event;
    event->record = &o;
    return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    Entry entry;
    if (!is_event(event)) return remember(cudaErrorInvalidResourceHandle, "cudaEventSynchronize");
    finish(event->record);
    return cudaSuccess;
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
    Entry entry;
    if (!is_event(event)) return remember(cudaErrorInvalidResourceHandle, "cudaEventQuery");
    if (!event->record || event->record->is_done) return cudaSuccess;
    Stream *stream = event->record->stream;
    if (!stream->was_asked) {
        stream->was_asked = true;
        return cudaErrorNotReady;
    }
    finish(event->record);
    return cudaSuccess;
}
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t from, cudaEvent_t to) {
    Entry entry;
    if (!is_event(from) || !is_event(to) || !from->is_timed || !to->is_timed || !from->record || !to->record)
        return remember(cudaErrorInvalidResourceHandle, "cudaEventElapsedTime");
    if (!from->record->is_done || !to->record->is_done) return cudaErrorNotReady;
    *milliseconds = (float)((double)(to->at.tv_sec - from->at.tv_sec) * 1e3 + (double)(to->at.tv_nsec - from->at.tv_nsec) * 1e-6);
    return cudaSuccess;
}

}  // extern "C"
