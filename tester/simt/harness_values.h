/* The values of a test: scalars by their type, the arms of values, and how memory is filled from a seed.
   What a value is follows from the test's seed, the stream of its holder and its position alone. */
/* Positions in mupac_ir::Scalar::ALL. */
enum { t_bool, t_i8, t_u8, t_i16, t_u16, t_i32, t_u32, t_i64, t_u64, t_f32, t_f64, scalar_count };
static const int scalar_bytes[scalar_count] = {1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8};

static int test_arm;
static int test_integers = '-', test_floats = '-'; /* how much tamer than the arm says: `-`, `i`, `p` and `-`, `f` */
static uint64_t test_seed;

static uint64_t mix(uint64_t x) { /* splitmix64: Steele, Lea and Flood, OOPSLA 2014 */
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

static double unit(uint64_t random) { return (double)(int64_t)(random >> 11) / 4503599627370496.0 - 1.0; }

/* Which of several patterns the values of a stream follow, another one in another test; streams of one buffer lie next to
   one another. */
static int pattern(uint64_t stream, int count) {
    return (int)((stream / 4096 + stream % 4096 + mix(test_seed) % 64) % (uint64_t)count);
}

/* Numbers that the function names. */
enum { most_keys = 32 };
static double keys[most_keys];
static int key_count = 0;

/* One of them, or a neighbour. */
static double key_value(uint64_t r) {
    double key = key_count ? keys[r % (uint64_t)key_count] : 0.0;
    return key + (double)((int64_t)(mix(r) % 3) - 1);
}

static double float_value(uint64_t r, uint64_t stream, long long index, long long count, int is_single) {
    double extreme = is_single ? 3.4028234663852886e38 : 1.7976931348623157e308;
    double least = is_single ? 1.401298464324817e-45 : 4.9406564584124654e-324;
    switch (test_arm) {
        case 'B': return (double)((int64_t)(r % 17) - 8);
        case 'C': {
            int exponent = (int)(r % (is_single ? 60u : 400u)) - (is_single ? 30 : 200);
            double value = unit(mix(r));
            for (; exponent > 0; exponent--) value *= 2.0;
            for (; exponent < 0; exponent++) value *= 0.5;
            return value;
        }
        case 'D': {
            const double inf = __builtin_inf();
            double special[12] = {0.0, -0.0, 1.0, -1.0, least, -least, extreme, -extreme, inf, -inf, __builtin_nan(""), 0.5};
            return special[r % 12];
        }
        case 'E':
            switch (pattern(stream, 4)) {
                case 0: return 1.5;
                case 1: return (double)index;
                case 2: return (double)(count - index);
                default: return index == count / 2 ? 1.0 : 0.0;
            }
        case 'F': return r & 1 ? extreme : -extreme;
        case 'K': return key_value(r);
        default: return unit(r);
    }
}

/* From 0 to 1, which it is not: what is divided by the distance from 1 stays finite. */
static double unit_value(uint64_t r, uint64_t stream, long long index, long long count) {
    if (test_arm == 'B') return (double)(r % 16) / 16.0;
    if (test_arm != 'E') return unit(r) < 0 ? -unit(r) : unit(r);
    switch (pattern(stream, 4)) {
        case 0: return 0.5;
        case 1: return (double)index / (double)(count + 1);
        case 2: return (double)(count - index) / (double)(count + 1);
        default: return index == count / 2 ? 0.75 : 0.0;
    }
}

static uint64_t integer_value(uint64_t r, uint64_t stream, long long index, long long count, int scalar) {
    int bits = scalar_bytes[scalar] * 8, is_signed = scalar == t_i8 || scalar == t_i16 || scalar == t_i32 || scalar == t_i64;
    uint64_t greatest = is_signed ? (1ull << (bits - 1)) - 1 : bits == 64 ? ~0ull : (1ull << bits) - 1;
    uint64_t lowest = is_signed ? ~greatest : 0;
    switch (test_arm) {
        case 'B': return r % 9;
        case 'C': return r >> (mix(r) % 64);
        case 'D': {
            uint64_t special[5] = {0, 1, is_signed ? ~0ull : 2, greatest, lowest};
            return special[r % 5];
        }
        case 'E':
            switch (pattern(stream, 4)) {
                case 0: return 3;
                case 1: return (uint64_t)index;
                case 2: return (uint64_t)(count - 1 - index);
                default: return index == count / 2;
            }
        case 'F': return r & 1 ? greatest : lowest;
        case 'G':
            switch (pattern(stream, 3)) {
                case 0: return (uint64_t)(count - 1 - index);
                case 1: return (uint64_t)(index / 2);
                default: return count > 0 ? r % (uint64_t)count : 0;
            }
        case 'H': return r;
        case 'K': /* bounds of loops are few, whatever the function names */
            return mix(r + 1) % 2 ? mix(r) % 4 : (uint64_t)(int64_t)key_value(r);
        default: return is_signed ? (uint64_t)((int64_t)(r % 201) - 100) : r % 101;
    }
}

static void store(char *at, int scalar, uint64_t stream, long long index, long long count) {
    uint64_t r = mix(mix(test_seed + stream * 0x632be59bd9b4e019ull) + (uint64_t)index);
    int is_tame = scalar == t_f32 || scalar == t_f64 ? test_floats != '-' : test_integers != '-';
    if (test_arm == 'H' && scalar != t_bool && !is_tame) {
        memcpy(at, &r, (size_t)scalar_bytes[scalar]);
    } else if (scalar == t_f64) {
        double value = test_floats == 'f' ? unit_value(r, stream, index, count) : float_value(r, stream, index, count, 0);
        memcpy(at, &value, sizeof value);
    } else if (scalar == t_f32) {
        float value = (float)(test_floats == 'f' ? unit_value(r, stream, index, count) : float_value(r, stream, index, count, 1));
        memcpy(at, &value, sizeof value);
    } else {
        /* Little-endian: the low bytes come first. */
        uint64_t value = scalar == t_bool ? r & 1 : integer_value(r, stream, index, count, scalar);
        if (test_integers == 'i' && value > 8) value = r % 9;
        if (test_integers == 'p' && (value < 1 || value > 8)) value = r % 8 + 1;
        memcpy(at, &value, (size_t)scalar_bytes[scalar]);
    }
}

/* Fills records `from` to `from + records` of `all` records. */
static void fill(char *at, long long from, long long records, long long all, long long record_bytes,
                 const struct mupac_test_leaf *leaves, int leaf_count, uint64_t stream) {
    memset(at, 0, (size_t)(records * record_bytes));
    for (long long i = 0; i < records; i++)
        for (int leaf = 0; leaf < leaf_count; leaf++)
            store(at + i * record_bytes + leaves[leaf].mupac_test_offset, leaves[leaf].mupac_test_scalar, stream * 4096 + (uint64_t)leaf, from + i, all);
}
