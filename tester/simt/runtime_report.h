// What the runtime tells the tester: lines of tab-separated words on a dedicated descriptor.
//   copied  COPIES_IN  BYTES_IN  NEEDED_IN  COPIES_OUT  BYTES_OUT  NEEDED_OUT
//   moved  PAGES_IN  PAGES_OUT
//   launch  KERNEL  COUNT          failure  KIND  KERNEL  MESSAGE          error  NAME  CALL          too-large  LAUNCHES          end
//   sampled  BLOCKS  OF          sample-ends  WHY
// and of a traced run, with places of the program in hexadecimal,
//   at  PLACE          writer  nobody          writer  copy          writer  host  PLACE          writer  thread  PLACE  KERNEL  THREAD  BLOCK
//   writer  kernel  PLACE  KERNEL
// Of several failures the last one counts; `at` belongs to the failure before it.
// A report without `end` means that the process died.

namespace mupac_simt {

const int report_descriptor = 199;
const int failure_exit_code = 97, exit_too_large = 98;
const int most_kernels = 1024;

struct KernelCount {
    const char *name;
    unsigned long long launches;
};

struct CopyCount {
    unsigned long long copies, bytes;
};

static CopyCount copied_in, copied_out;  // between host and device
static KernelCount kernel_counts[most_kernels];
static int kernel_count = 0;
static const char *current_kernel = "";
// Read by the signal handler only, so every store counts.
static const char *volatile current_operation = "";

static void write_all(const char *text, size_t bytes) {
    while (bytes > 0) {
        ssize_t written = library.write_(report_descriptor, text, bytes);
        if (written <= 0) return;
        text += written;
        bytes -= (size_t)written;
    }
}

static void report_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void report_line(const char *format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int bytes = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (bytes < 0) return;
    write_all(line, (size_t)bytes < sizeof line ? (size_t)bytes : sizeof line - 1);
}

static unsigned long long needed_to_device();
static unsigned long long needed_back();
static unsigned long long distinct_to_device();
static unsigned long long distinct_back();
static void report_pages();

static void report_launches() {
    report_line("copied-in\t%llu\t%llu\t%llu\t%llu\n", copied_in.copies, copied_in.bytes, distinct_to_device(), needed_to_device());
    report_line("copied-out\t%llu\t%llu\t%llu\t%llu\n", copied_out.copies, copied_out.bytes, distinct_back(), needed_back());
    report_pages();
    for (int i = 0; i < kernel_count; i++) report_line("launch\t%s\t%llu\n", kernel_counts[i].name, kernel_counts[i].launches);
}

// While the runtime finds out why threads are stuck (runtime_stuck.h), whatever else goes wrong is its own doing.
static bool is_probing = false;

static const char *describe_actor();
static void report_site();

// Whether a kernel read what nothing had written. The run goes on: if the writer comes later, it was a race; whatever
// else goes wrong from here on may be the doing of the value that it read.
static bool has_read_unwritten = false;
static const void *unwritten_region = 0;
static bool is_late_writer = false;  // the fault is the write that an earlier read should have waited for

// Ends the process; nothing after the first fault can be trusted.
[[noreturn]] static void fail(const char *kind, const char *format, ...) __attribute__((format(printf, 2, 3)));
[[noreturn]] static void fail(const char *kind, const char *format, ...) {
    char message[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (is_probing) {
        kind = "divergent-barrier";
        snprintf(message, sizeof message, "threads of a warp wait at different barriers");
    }
    report_launches();
    if (!has_read_unwritten || is_late_writer) {
        report_line("failure\t%s\t%s\t%s\n", kind, current_kernel, message);
        report_site();
    }
    _exit(failure_exit_code);
}

// Told at once, so that it stands even if the run comes to no end; the last failure told is the one that counts.
static void tell_unwritten(const void *region, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tell_unwritten(const void *region, const char *format, ...) {
    if (has_read_unwritten || is_probing) return;
    has_read_unwritten = true;
    unwritten_region = region;
    char message[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    report_line("failure\tuninitialised\t%s\t%s\n", current_kernel, message);
    report_site();
}

static void count_launch(const char *kernel) {
    for (int i = 0; i < kernel_count; i++)
        if (strcmp(kernel_counts[i].name, kernel) == 0) {
            kernel_counts[i].launches++;
            return;
        }
    if (kernel_count == most_kernels) fail("runtime", "more than %d kernels", most_kernels);
    kernel_counts[kernel_count].name = kernel;
    kernel_counts[kernel_count].launches = 1;
    kernel_count++;
}

}  // namespace mupac_simt
