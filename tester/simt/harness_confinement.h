/* What a test program may ask of the system: nothing but memory, time, and files in its working folder.
   It is arranged before any code of the file under test runs, constructors included, and holds for root as well: the
   kernel's own list of rights of a process is narrowed, and a filter refuses system calls.
   Source: Linux man-pages landlock(7), seccomp(2), oom_score_adj in proc(5). */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "library.h"

/* Numbers that are the same on all architectures since Linux 5.1; a C library may be older than the kernel. */
enum {
    call_io_uring_setup = 425,
    call_io_uring_register = 427,
    call_pidfd_send_signal = 424,
    call_open_tree = 428,
    call_fspick = 433,
    call_pidfd_open = 434,
    call_pidfd_getfd = 438,
    call_mount_setattr = 442,
    call_landlock_create_ruleset = 444,
    call_landlock_add_rule = 445,
    call_landlock_restrict_self = 446,
    call_fchmodat2 = 452,
};

/* Rights of landlock(7) that change what is on disk, by the version of the interface that knows them. */
enum {
    right_write = 1 << 1,
    right_change_folder = 0x1ff << 4, /* removing and making files and folders of all kinds, links too */
    right_make_special = 1 << 6 | 1 << 9 | 1 << 11,
    right_refer = 1 << 13,    /* version 2 */
    right_truncate = 1 << 14, /* version 3 */
    right_device = 1 << 15,   /* version 5 */
    rule_beneath = 1,
    ask_version = 1,
};

struct confinement_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

static long allow_below(int rules, const char *path, uint64_t allowed) {
    struct confinement_rule rule = {allowed, library.open_(path, O_PATH | O_CLOEXEC)};
    if (rule.parent < 0) return -1;
    long status = library.syscall_(call_landlock_add_rule, rules, rule_beneath, &rule, 0);
    library.close_(rule.parent);
    return status;
}

/* Leaves the working folder as the only place where files can be written, made or removed. */
static int confine_files(void) {
    long version = library.syscall_(call_landlock_create_ruleset, 0, 0, ask_version);
    if (version < 1) return 0;
    uint64_t handled = right_write | right_change_folder;
    if (version >= 2) handled |= right_refer;
    if (version >= 3) handled |= right_truncate;
    if (version >= 5) handled |= right_device;
    int rules = (int)library.syscall_(call_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0) return 0;
    int is_confined = allow_below(rules, ".", handled & ~(uint64_t)(right_make_special | right_device)) == 0;
    allow_below(rules, "/dev/null", handled & (right_write | right_truncate));
    is_confined = is_confined && library.syscall_(call_landlock_restrict_self, rules, 0) == 0;
    library.close_(rules);
    return is_confined;
}

/* Memory has no limit, since the runtime reserves far more addresses than it uses; if it runs out, this process ends. */
static void volunteer_to_end(void) {
    int file = library.open_("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    if (library.write_(file, "1000", 4) < 0) errno = 0;
    library.close_(file);
}

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef NATIVE_ARCHITECTURE
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, field))
#define REFUSE_WITH(number, error) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define REFUSE(number) REFUSE_WITH(number, EPERM)
#define REFUSE_RANGE(first, last) \
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (first), 0, 2), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (last), 1, 0), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
/* Refuses a call whose argument has one of these bits, and leaves the number of the call behind for what follows. */
#define REFUSE_BITS(number, argument, bits)                                                                            \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), LOAD(args[argument]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, 1), \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM), LOAD(nr)
/* The other way round: refuses a call whose argument has none of these bits. */
#define REFUSE_WITHOUT(number, argument, bits)                                                                         \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), LOAD(args[argument]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 1, 0), \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM), LOAD(nr)

static void install(struct sock_filter *filter, size_t bytes) {
    struct sock_fprog program = {(unsigned short)(bytes / sizeof *filter), filter};
    /* Where the kernel has no filters, the limits and the process group remain. */
    library.prctl_(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* No program, process, socket, tracing or change of the system from here on; a limit on processes would not bind root. */
static void refuse_calls(void) {
    struct sock_filter filter[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
#ifdef __x86_64__
        /* The x32 calls have numbers of their own. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        REFUSE(__NR_fork),
        REFUSE(__NR_vfork),
        REFUSE(__NR_chmod),
        REFUSE(__NR_chown),
        REFUSE(__NR_lchown),
        REFUSE(__NR_utime),
        REFUSE(__NR_utimes),
        REFUSE(__NR_futimesat),
        REFUSE(__NR_iopl),
        REFUSE(__NR_ioperm),
        REFUSE(__NR_modify_ldt),
#endif
        REFUSE(__NR_execve),
        REFUSE(__NR_execveat),
        REFUSE(__NR_socket),
        REFUSE(__NR_socketpair),
        REFUSE(__NR_connect),
        REFUSE(__NR_bind),
        REFUSE_RANGE(call_io_uring_setup, call_io_uring_register),
        REFUSE(__NR_ptrace),
        REFUSE(__NR_process_vm_readv),
        REFUSE(__NR_process_vm_writev),
        REFUSE(__NR_kill),
        REFUSE(__NR_tkill),
        REFUSE(__NR_rt_sigqueueinfo),
        REFUSE(__NR_rt_tgsigqueueinfo),
        REFUSE(call_pidfd_send_signal),
        REFUSE(call_pidfd_open),
        REFUSE(call_pidfd_getfd),
        REFUSE(__NR_setpriority),
        REFUSE(__NR_mount),
        REFUSE(__NR_umount2),
        REFUSE(__NR_pivot_root),
        REFUSE_RANGE(call_open_tree, call_fspick),
        REFUSE(call_mount_setattr),
        REFUSE(__NR_chroot),
        REFUSE(__NR_unshare),
        REFUSE(__NR_setns),
        REFUSE(__NR_setsid),
        REFUSE(__NR_setpgid),
        REFUSE(__NR_bpf),
        REFUSE(__NR_perf_event_open),
        /* Without UFFD_USER_MODE_ONLY it could hold up the kernel. */
        REFUSE_WITHOUT(__NR_userfaultfd, 0, 1),
        REFUSE(__NR_add_key),
        REFUSE(__NR_request_key),
        REFUSE(__NR_keyctl),
        REFUSE(__NR_shmget),
        REFUSE(__NR_msgget),
        REFUSE(__NR_semget),
        REFUSE(__NR_mq_open),
        REFUSE(__NR_init_module),
        REFUSE(__NR_finit_module),
        REFUSE(__NR_delete_module),
        REFUSE(__NR_kexec_load),
        REFUSE(__NR_reboot),
        REFUSE(__NR_swapon),
        REFUSE(__NR_swapoff),
        REFUSE(__NR_acct),
        REFUSE(__NR_quotactl),
        REFUSE(__NR_sethostname),
        REFUSE(__NR_setdomainname),
        REFUSE(__NR_settimeofday),
        REFUSE(__NR_clock_settime),
        REFUSE(__NR_clock_adjtime),
        REFUSE(__NR_adjtimex),
        REFUSE(__NR_open_by_handle_at),
        REFUSE(__NR_fchmod),
        REFUSE(__NR_fchmodat),
        REFUSE(call_fchmodat2),
        REFUSE(__NR_fchown),
        REFUSE(__NR_fchownat),
        REFUSE(__NR_utimensat),
        REFUSE(__NR_setxattr),
        REFUSE(__NR_lsetxattr),
        REFUSE(__NR_fsetxattr),
        REFUSE(__NR_removexattr),
        REFUSE(__NR_lremovexattr),
        REFUSE(__NR_fremovexattr),
        REFUSE(__NR_setrlimit),
        /* prlimit64 that changes a limit, or looks at another process. */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_prlimit64, 0, 6),
        LOAD(args[2]),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, args[2]) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        /* The C library falls back to clone, whose flags can be looked at. */
        REFUSE_WITH(__NR_clone3, ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 3),
        LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    install(filter, sizeof filter);
}

/* Where files cannot be confined to a folder, none can be changed. */
static void refuse_changes_of_files(void) {
    const unsigned changing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
    struct sock_filter filter[] = {
        LOAD(nr),
#ifdef __x86_64__
        REFUSE_BITS(__NR_open, 1, changing),
        REFUSE(__NR_creat),
        REFUSE(__NR_mkdir),
        REFUSE(__NR_rmdir),
        REFUSE(__NR_unlink),
        REFUSE(__NR_rename),
        REFUSE(__NR_link),
        REFUSE(__NR_symlink),
        REFUSE(__NR_mknod),
        REFUSE(__NR_renameat),
#endif
        REFUSE_BITS(__NR_openat, 2, changing),
        REFUSE_WITH(437 /* openat2, whose flags lie in memory */, ENOSYS),
        REFUSE(__NR_truncate),
        REFUSE(__NR_mkdirat),
        REFUSE(__NR_unlinkat),
        REFUSE(__NR_renameat2),
        REFUSE(__NR_linkat),
        REFUSE(__NR_symlinkat),
        REFUSE(__NR_mknodat),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    install(filter, sizeof filter);
}
#else
static void refuse_calls(void) {}
static void refuse_changes_of_files(void) {}
#endif

static void confine(void) {
    find_library();
    volunteer_to_end();
    library.prctl_(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    int is_confined = confine_files();
    refuse_calls();
    if (!is_confined) refuse_changes_of_files();
}

/* Before all constructors of the program. Source: System V ABI, "Initialization and Termination Functions". */
__attribute__((section(".preinit_array"), used)) static void (*confine_first)(void) = confine;
