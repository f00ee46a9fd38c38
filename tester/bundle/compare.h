// Compares what a call left in memory with what the original leaves there: recorded columns of scalars, or those that
// another call has just left.
// Values are compared bit by bit; any NaN equals any other. Where the text may compute in another order than the
// original, or with a library of its own, a bound that was computed for this very test says how far a value may be off.
#ifndef MUPAC_BUNDLE_COMPARE_H
#define MUPAC_BUNDLE_COMPARE_H

#include <math.h>

#include "memory.h"

namespace bundle {

// As in simt/harness_results.h, and the kinds that only a bundle has: bounds of the column before, NaN for none, and what
// the function prints.
struct Record {
    char magic[4];
    uint8_t kind, scalar;
    uint16_t number;
    uint32_t leaf;
    uint32_t padding;
    int64_t first;
    uint64_t count;
};
enum Kind { kind_buffer, kind_global, kind_result, kind_end, kind_bounds = 16, kind_printed = 17 };

struct Column {
    int kind, scalar, number;
    int64_t first;
    std::vector<char> bytes;
};

inline Column column(int kind, int number, const char *at, long long first, long long records, long long record_bytes,
                     const struct mupac_test_leaf &leaf) {
    size_t size = (size_t)scalar_bytes[leaf.mupac_test_scalar];
    Column c = {kind, leaf.mupac_test_scalar, number, first, std::vector<char>((size_t)records * size)};
    for (long long i = 0; i < records; i++) memcpy(&c.bytes[(size_t)i * size], at + i * record_bytes + leaf.mupac_test_offset, size);
    return c;
}

// Everything that the function could have changed, in the order of simt/harness_results.h.
inline std::vector<Column> columns() {
    std::vector<Column> all;
    for (int i = 0; i < most_parameters; i++) {
        const struct buffer *b = &buffers[i];
        if (!b->is_used) continue;
        // Rows lie one behind the other.
        long long records = records_of(b) * b->row_count;
        for (int leaf = 0; leaf < b->leaf_count; leaf++)
            all.push_back(column(kind_buffer, i, element(b, b->low), b->low * b->records, records, b->record_bytes, b->leaves[leaf]));
    }
    for (int i = 0; i < global_count; i++)
        for (int leaf = 0; leaf < globals[i].leaf_count; leaf++)
            all.push_back(column(kind_global, i, globals[i].at, 0, globals[i].records, globals[i].record_bytes, globals[i].leaves[leaf]));
    if (result_scalar >= 0) {
        const char *at = (const char *)&result_bits;
        all.push_back({kind_result, result_scalar, 0, 0, std::vector<char>(at, at + scalar_bytes[result_scalar])});
    }
    return all;
}

inline bool is_float(int scalar) { return scalar == t_f32 || scalar == t_f64; }

inline double float_at(int scalar, const char *at) {
    float single;
    double value;
    if (scalar == t_f32) {
        memcpy(&single, at, sizeof single);
        return single;
    }
    memcpy(&value, at, sizeof value);
    return value;
}

inline std::string shown(int scalar, const char *at) {
    char text[64];
    uint64_t bits = 0;
    memcpy(&bits, at, (size_t)scalar_bytes[scalar]);
    if (is_float(scalar))
        snprintf(text, sizeof text, scalar == t_f32 ? "%.9g" : "%.17g", float_at(scalar, at));
    else if (scalar == t_i8 || scalar == t_i16 || scalar == t_i32 || scalar == t_i64) {
        int unused = 64 - 8 * scalar_bytes[scalar];
        snprintf(text, sizeof text, "%lld", (long long)((int64_t)(bits << unused) >> unused));
    } else
        snprintf(text, sizeof text, "%llu", (unsigned long long)bits);
    return text;
}

// How holders are called, for messages.
struct Names {
    std::vector<std::string> parameters, globals;

    std::string place(const Column &c, size_t index) const {
        if (c.kind == kind_result) return "the returned value";
        const std::vector<std::string> &all = c.kind == kind_buffer ? parameters : globals;
        std::string name = (size_t)c.number < all.size() ? all[(size_t)c.number] : "memory";
        return name + "[" + std::to_string(c.first + (long long)index) + "]";
    }
};

// What differs first, in words; nothing where all is the same. `bounds` has a number for each value, or is empty.
inline std::string difference(const Column &wanted, const Column &got, const std::vector<double> &bounds, const Names &names) {
    if (wanted.kind != got.kind || wanted.scalar != got.scalar || wanted.number != got.number || wanted.first != got.first ||
        wanted.bytes.size() != got.bytes.size())
        return names.place(wanted, 0) + " has another shape";
    size_t size = (size_t)scalar_bytes[wanted.scalar], count = wanted.bytes.size() / size, differing = 0;
    std::string first;
    for (size_t i = 0; i < count; i++) {
        const char *a = &wanted.bytes[i * size], *b = &got.bytes[i * size];
        if (memcmp(a, b, size) == 0) continue;
        if (is_float(wanted.scalar)) {
            double x = float_at(wanted.scalar, a), y = float_at(wanted.scalar, b);
            if (isnan(x) && isnan(y)) continue;
            if (i < bounds.size() && fabs(x - y) <= bounds[i]) continue;
        }
        if (differing++ == 0)
            first = names.place(wanted, i) + " is " + shown(wanted.scalar, b) + ", the original gives " + shown(wanted.scalar, a);
    }
    if (differing > 1) first += " (" + std::to_string(differing) + " values differ)";
    return first;
}

inline std::string difference(const std::vector<Column> &wanted, const std::vector<Column> &got, const Names &names) {
    if (wanted.size() != got.size()) return "another number of results";
    for (size_t i = 0; i < wanted.size(); i++) {
        std::string words = difference(wanted[i], got[i], {}, names);
        if (!words.empty()) return words;
    }
    return "";
}

// The expected results of one test, as they lie in the file of all.
struct Expected {
    std::vector<Column> columns;
    std::vector<std::vector<double>> bounds;  // one for each column
    std::string printed;
};

// False where the file ends too early or is damaged.
inline bool read_expected(const char *path, long offset, Expected &expected) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, offset, SEEK_SET) != 0) return false;
    Record record;
    bool is_sound = false;
    while (fread(&record, sizeof record, 1, file) == 1 && memcmp(record.magic, "MUPA", 4) == 0 && record.count < 1ull << 28) {
        if (record.kind == kind_end) {
            is_sound = true;
            break;
        }
        if (record.kind == kind_bounds) {
            if (expected.bounds.empty()) break;
            expected.bounds.back().resize(record.count);
            if (record.count && fread(expected.bounds.back().data(), 8 * record.count, 1, file) != 1) break;
            continue;
        }
        if (record.kind != kind_printed && (record.kind > kind_result || record.scalar >= scalar_count)) break;
        std::vector<char> bytes(record.count * (record.kind == kind_printed ? 1u : (unsigned)scalar_bytes[record.scalar]));
        if (!bytes.empty() && fread(bytes.data(), bytes.size(), 1, file) != 1) break;
        if (record.kind == kind_printed) {
            expected.printed.assign(bytes.begin(), bytes.end());
            continue;
        }
        expected.columns.push_back({record.kind, record.scalar, record.number, record.first, bytes});
        expected.bounds.push_back({});
    }
    fclose(file);
    return is_sound;
}

}  // namespace bundle

#endif
