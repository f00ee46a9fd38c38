// Sets up the emulated device before any code of the program runs, and closes the report after all of it.
// MUPAC_SIMT_ORDER is `ascending`, `descending` or `shuffled:SEED`; with MUPAC_SIMT_TRACE the run is traced.

namespace mupac_simt {

static int find_image(struct dl_phdr_info *info, size_t, void *) {
    // The first object is the program itself.
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) &part = info->dlpi_phdr[i];
        char *begin = (char *)(info->dlpi_addr + part.p_vaddr), *end = begin + part.p_memsz;
        if (part.p_type == PT_TLS) static_shared.bytes = (size_t)((char *)&this_thread - (char *)info->dlpi_tls_data);
        if (part.p_type != PT_LOAD) continue;
        if (!image_begin || begin < image_begin) image_begin = begin;
        if (end > image_end) image_end = end;
        if (!(part.p_flags & PF_W)) continue;
        if (!image_writable_begin || begin < image_writable_begin) image_writable_begin = begin;
        if (end > image_writable_end) image_writable_end = end;
    }
    return 1;
}

static void choose_order() {
    const char *asked = library.getenv_("MUPAC_SIMT_ORDER");
    if (!asked || strcmp(asked, "ascending") == 0) return;
    if (strcmp(asked, "descending") == 0) {
        order = descending;
        fill_pattern = 0x5d;
    } else if (strncmp(asked, "shuffled:", 9) == 0) {
        order = shuffled;
        order_seed = strtoull(asked + 9, 0, 10);
        fill_pattern = 0xa7;
    }
}

static void on_signal(int number, siginfo_t *info, void *) {
    const char *name = number == SIGSEGV || number == SIGBUS ? "touches memory that is not there" : number == SIGFPE ? "divides by zero" : "aborts";
    // What another thread does with the device has nothing to do with it.
    if (holder != &this_thread) {
        current_kernel = current_operation = operation_name = "";
        kernel_thread = 0;
    }
    if (current_operation[0]) fail("out-of-bounds", "%s %s at address %p", current_operation, name, info->si_addr);
    fail("crash", "%s %s", describe_actor(), name);
}

static void finish_report() {
    pthread_mutex_lock(&device_lock);  // and nothing comes after
    finish_all();
    report_launches();
    report_writer();
    report_sample();
    if (has_read_unwritten) _exit(failure_exit_code);
    report_line("end\n");
}

// Linker-made bounds of the sections that CUDA's variables are put into.
extern "C" {
extern char __start_mupac_device[];
extern char __stop_mupac_device[];
extern char __start_mupac_constant[];
extern char __stop_mupac_constant[];
extern char __start_mupac_managed[];
extern char __stop_mupac_managed[];
}

// The runtime is linked behind the program, so its padding comes last.
static Region variables(char *start, char *stop, Home home) {
    Region region = {start, (size_t)(stop - start) - variable_padding, 0, -1, home, false, false, true, 0, 0, 0, 0};
    return region;
}

// Before the constructors of the program, which may already ask for shared memory's address.
__attribute__((constructor(101))) static void start() {
    find_library();
    arena = (char *)map_memory(arena_bytes, PROT_NONE);
    page_regions = (uint32_t *)map_memory(arena_bytes / page_bytes * sizeof(uint32_t), PROT_READ | PROT_WRITE);
    regions = (Region *)map_memory(sizeof(Region) * (size_t)most_regions, PROT_READ | PROT_WRITE);
    stacks = (char *)map_memory(stack_bytes * most_fibers, PROT_NONE);
    dynamic_shared.base = (char *)map_memory((size_t)max_dynamic_shared_bytes, PROT_READ | PROT_WRITE);
    dl_iterate_phdr(find_image, 0);
    static_shared.is_shared = dynamic_shared.is_shared = true;
    static_shared.shift = dynamic_shared.shift = -1;
    device_variables = variables(__start_mupac_device, __stop_mupac_device, device_home);
    constant_variables = variables(__start_mupac_constant, __stop_mupac_constant, device_home);
    managed_variables = variables(__start_mupac_managed, __stop_mupac_managed, managed_home);
    floor_time = 0xffffffffu;
    choose_order();
    is_test = library.getenv_("MUPAC_TEST") != 0;
    counts_needed = !is_test && library.getenv_("MUPAC_SIMT_COPIES") == 0;
    is_tracing = library.getenv_("MUPAC_SIMT_TRACE") != 0;
    if (const char *words = library.getenv_("MUPAC_SIMT_SAMPLE")) read_sample(words);
    skips_blocks = library.getenv_("MUPAC_SIMT_IDLE") != 0;
    keeps_thresholds = library.getenv_("MUPAC_SIMT_THRESHOLD") == 0;
    stack_t alternate = {map_memory(64 * 1024, PROT_READ | PROT_WRITE), 0, 64 * 1024};
    library.sigaltstack_(&alternate, 0);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (int fault : faults) library.sigaction_(fault, &action, 0);
    atexit(finish_report);
}

}  // namespace mupac_simt
