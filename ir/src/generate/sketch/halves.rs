//! Programs of two files, the second of which stays C: what either defines the other one uses.

use super::Template;

/// Two files that link.
pub(super) const HALVES: &[Template] = &[
    // Functions of the other file that read and write.
    Template::with_half(
        "long $S_peek(const $T *x, int n);\n",
        "long $S_peek(const $T *x, int n) { long s = 0; for (int i = 0; i < n; i++) s += (long)x[i] * (i & 3); return s; }\n",
        "$region{$x, $y} $note{$S_peek($x, (int)n)} $region{$y, $x}",
    ),
    Template::with_half(
        "void $S_poke($T *x, long k);\n",
        "void $S_poke($T *x, long k) { memset(x, 0, 2 * sizeof *x); x[k] = 7; }\n",
        "$region{$x, $y} $S_poke($x, n / 2); $region{$y, $x} $S_poke($p, 3); $region{$x, $y}",
    ),
    // Variables of the other file.
    Template::with_half(
        "extern $T $S_table[24];\nextern int $S_bias;\n",
        "$T $S_table[24] = {1, 2, 3, 5, 8};\nint $S_bias = 3;\n",
        "for (int $i = 0; $i < 24; $i++) $S_table[$i] = $mix{$S_table[$i], $x[$i]}; for (int $i = 0; $i < 24; $i++) $x[$i] = $mix{$S_table[23 - $i], $S_bias}; $S_bias = ($S_bias + 1) % 9;",
    ),
    // Variables that the other file uses.
    Template::with_half(
        "const $T $S_weights[8] = {1, 2, 3, 4, 5, 6, 7, 8};\nconst char *const $S_names[2] = {\"one\", \"three\"};\n",
        "extern const $T $S_weights[8];\nextern const char *const $S_names[2];\nlong $S_use(int k) { return (long)$S_weights[k & 7] + $S_names[k & 1][0]; }\n",
        "long $S_use(int); for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$y[$i], $S_weights[$i & 7]}; $note{$S_use((int)n)}",
    ),
    Template::with_half(
        "int $S_count;\n$T $S_shared[40] = {3};\nvoid $S_turn(int k);\n",
        "extern int $S_count;\nextern $T $S_shared[40];\nvoid $S_turn(int k) { $S_count = ($S_count + k) % 11; $S_shared[k & 31] = 5; }\n",
        "for (int $i = 0; $i < 40; $i++) $S_shared[$i] = $mix{$x[$i], $S_count}; $S_turn((int)n); for (int $i = 0; $i < 40; $i++) $x[$i] = $mix{$S_shared[$i], $S_count};",
    ),
    // A caller in the other file.
    Template::with_half(
        "void $S_scale(int n, $T *x) { for (int i = 0; i < n; i++) x[i] = $mix{x[i], i}; }\nvoid $S_drive(int n, $T *x);\n",
        "void $S_scale(int n, $T *x);\nvoid $S_drive(int n, $T *x) { $S_scale(n, x); x[0] = 2; $S_scale(n / 2, x + 1); }\n",
        "$S_drive((int)n, $x); $region{$y, $x} $S_drive((int)n, $p);",
    ),
    Template::with_half(
        "#define $S_MAKE(f, g, op) void f(int n, $T *x) { for (int i = 0; i < n; i++) x[i] = $mix{x[i], op i}; } long g(int n, const $T *x) { long s = 0; for (int i = 0; i < n; i++) s += (long)x[i]; return s; }\n$S_MAKE($S_up, $S_all, +)\nlong $S_go(int n, $T *x);\n",
        "void $S_up(int n, $T *x); long $S_all(int n, const $T *x);\nlong $S_go(int n, $T *x) { $S_up(n, x); long s = $S_all(n, x); $S_up(n, x + 1); return s; }\n",
        "$region{$x, $y} $note{$S_go((int)n, $x)}",
    ),
    Template::with_half(
        "void $S_one(int n, $T *x) { for (int i = 0; i < n; i++) x[i] = $mix{x[i], 1}; } void $S_two(int n, $T *x) { for (int i = 0; i < n; i++) x[i] = $mix{x[i], 2}; }\nvoid $S_both(int n, $T *x);\n",
        "void $S_one(int n, $T *x); void $S_two(int n, $T *x);\nvoid $S_both(int n, $T *x) { $S_one(n, x); $S_two(n, x); }\n",
        "$S_both((int)n, $x); $S_one((int)n, $y);",
    ),
    Template::with_half(
        "inline $T $S_half($T x) { return $mix{x, 1}; }\nextern inline $T $S_half($T x);\n",
        "$T $S_half($T x);\nlong $S_halves($T x) { return (long)$S_half(x); }\n",
        "long $S_halves($T x); for (int $i = 0; $i < n; $i++) $x[$i] = $S_half($y[$i]); $note{$S_halves($x[1])}",
    ),
    // Functions that are passed, and memory that the other file keeps.
    Template::with_half(
        "long $S_each(long (*f)(long), const $T *x, int n);\nstatic long $S_twice(long v) { return 2 * v % 101; }\n",
        "long $S_each(long (*f)(long), const $T *x, int n) { long s = 0; for (int i = 0; i < n; i++) s += f((long)x[i]); return s; }\n",
        "$region{$x, $z} $note{$S_each($S_twice, $x, (int)n)}",
    ),
    Template::with_half(
        "void $S_keep($T *x); void $S_touch(int k);\n",
        "static $T *kept_$S;\nvoid $S_keep($T *x) { kept_$S = x; }\nvoid $S_touch(int k) { kept_$S[k] = 4; kept_$S[k + 1] = kept_$S[k + 2]; }\n",
        "$S_keep($x); $region{$x, $y} $S_touch(2); $region{$y, $x} $S_touch((int)n / 2); $region{$x, $x}",
    ),
    Template::with_half(
        "struct $S_pair { $T *at; int count; };\nvoid $S_fill(struct $S_pair v); struct $S_pair $S_of($T *x, int n);\n",
        "struct $S_pair { $T *at; int count; };\nvoid $S_fill(struct $S_pair v) { for (int i = 0; i < v.count; i += 3) v.at[i] = 6; }\nstruct $S_pair $S_of($T *x, int n) { struct $S_pair v = {x + 1, n}; return v; }\n",
        "struct $S_pair $w = $S_of($x, (int)n); for (int $i = 0; $i < $w.count; $i++) $w.at[$i] = $mix{$w.at[$i], $y[$i]}; $S_fill($w); $region{$y, $x}",
    ),
    Template::with_half(
        "$T *$S_make(int n); void $S_drop($T *x);\n",
        "$T *$S_make(int n) { $T *x = calloc(n + 1, sizeof *x); x[n] = 3; return x; }\nvoid $S_drop($T *x) { free(x); }\n",
        "for (int $k = 0; $k < 2; $k++) { $T *$w = $S_make((int)n); for (int $i = 0; $i < n; $i++) $w[$i] = $mix{$x[$i], $w[$i + 1]}; $note{$w[n / 2]} $S_drop($w); }",
    ),
];
