// Runs a sample of the blocks of a launch: with MUPAC_SIMT_SAMPLE, which has two numbers, at most so many blocks of each, fewer
// where all blocks would make so many accesses that these take too long; with MUPAC_SIMT_IDLE, none, and whoever reads what
// kernels would have written reads what was there.
// The first and the last block are among them, and those at the other corners of the grid where more than three run; the
// others follow from the seed of the order.
// A launch that leaves out blocks has to be the last: what another one would find is not what it would be. Of memory that its
// kernel writes, only bytes that the blocks of the sample wrote come to the host, and the host can ask which these are.

namespace mupac_simt {

const unsigned most_sampled = 256;
const unsigned least_sampled = 3;
const uint64_t most_sampled_accesses = 1 << 27;
static unsigned sample_size = 0;       // 0: all blocks run
static uint64_t all_accesses = 0;      // by estimate, of all blocks of a launch
static bool skips_blocks = false;      // no block runs
static uint64_t sampled_blocks[most_sampled];
static uint64_t blocks_run = 0, blocks_asked = 0;
static bool is_sampled = false;  // a launch has left out blocks

// Memory of the host that got bytes of the sample.
struct Delivered {
    const char *at;
    size_t bytes;
};
static Growing<Delivered> delivered;

static uint64_t mix(uint64_t x);

static void report_sample() {
    if (sample_size) report_line("sampled\t%llu\t%llu\n", (unsigned long long)blocks_run, (unsigned long long)blocks_asked);
}

// What a sample shows ends here, without a fault.
[[noreturn]] static void end_sample(const char *why) {
    report_launches();
    report_sample();
    report_line("sample-ends\t%s\n", why);
    _exit(exit_too_large);
}

static void read_sample(const char *words) {
    char *end;
    sample_size = (unsigned)strtoull(words, &end, 10) % most_sampled;
    all_accesses = strtoull(end, 0, 10);
}

// Returns how many of so many blocks run.
static unsigned sampled_of(uint64_t blocks) {
    uint64_t of_block = all_accesses / blocks + 1, most = most_sampled_accesses / of_block;
    if (most >= sample_size || sample_size < least_sampled) return sample_size;
    return (unsigned)(most > least_sampled ? most : least_sampled);
}

static void add_sampled(unsigned &count, uint64_t number) {
    for (unsigned i = 0; i < count; i++)
        if (sampled_blocks[i] == number) return;
    sampled_blocks[count++] = number;
}

// Chooses the blocks of a launch that run, and returns how many these are; all of them where they are few.
static uint64_t choose_blocks(uint64_t blocks, const dim3 &extent, uint64_t seed) {
    if (skips_blocks) return 0;
    if (!sample_size) return blocks;
    if (is_sampled) end_sample("a launch may depend on one before it");
    blocks_asked += blocks;
    is_sampled = blocks > sample_size;
    if (!is_sampled) {
        blocks_run += blocks;
        return blocks;
    }
    unsigned count = 0, most = sampled_of(blocks);
    const unsigned corners[8] = {0, 7, 1, 2, 4, 3, 5, 6};  // the first and the last block, then the others
    for (unsigned i = 0; i < (most < 4 ? 2 : 8) && count < most; i++) {
        unsigned corner = corners[i];
        uint64_t x = corner & 1 ? extent.x - 1 : 0, y = corner & 2 ? extent.y - 1 : 0, z = corner & 4 ? extent.z - 1 : 0;
        add_sampled(count, (z * extent.y + y) * extent.x + x);
    }
    for (uint64_t draw = seed; count < most; draw++) add_sampled(count, mix(draw * 0x9e3779b97f4a7c15ull + 1) % blocks);
    blocks_run += count;
    return count;
}

// A thread of a kernel writes these bytes.
static void note_sampled(Region &region, size_t offset, size_t bytes, bool is_update) {
    if (!is_sampled) return;
    if (is_update) end_sample("its blocks add to the same elements");
    if (!region.sampled) region.sampled = (unsigned char *)map_memory(round_to_pages(region.bytes / 8 + 1), PROT_READ | PROT_WRITE);
    for (size_t i = offset; i < offset + bytes; i++) region.sampled[i / 8] = (unsigned char)(region.sampled[i / 8] | 1u << (i % 8));
}

static bool is_of_sample(const Region &region, size_t byte) { return region.sampled[byte / 8] >> (byte % 8) & 1; }

// Copies what the sample wrote of a range of memory, and nothing else of it.
static void deliver(char *to, const Region &region, size_t offset, size_t bytes) {
    size_t end = offset + bytes, at = offset;
    while (at < end) {
        if (at % 8 == 0 && !region.sampled[at / 8]) {
            at += 8;
            continue;
        }
        size_t begin = at;
        while (at < end && is_of_sample(region, at)) at++;
        if (at == begin) {
            at++;
            continue;
        }
        memcpy(to + (begin - offset), region.base + begin, at - begin);
        Delivered range = {to + (begin - offset), at - begin};
        delivered.add(range);
    }
}

}  // namespace mupac_simt

/* For the harness: the memory of the host that got bytes of a sample, by number; see harness_sample.h. */
extern "C" __attribute__((weak)) int mupac_test_delivered(int number, const char **at, size_t *bytes) {
    if (number < 0 || (size_t)number >= mupac_simt::delivered.count) return 0;
    *at = mupac_simt::delivered[(size_t)number].at;
    *bytes = mupac_simt::delivered[(size_t)number].bytes;
    return 1;
}
