//! Loops in other words than `for (i = 0; i < n; i++)`: what counts steps elsewhere, is a pointer, or is no `int`.

use super::Template;

pub(super) const LOOPS: &[Template] = &[
    // A counter that the body steps: last, first and in the middle, and what it is afterwards.
    Template::new(
        "",
        "int $i = 0; while ($i < n) { $x[$i] = $mix{$y[$i], $i}; $i++; } $note{$i} $i = hi; while ($i > lo) { --$i; $y[$i] = $mix{$x[$i], $i}; } $note{$i}",
    ),
    Template::new(
        "",
        "int $i = lo; while ($i < hi) { $x[$i] = $mix{$y[$i], $i}; $i += 2; $x[$i + 10] = $mix{$z[$i], $i}; } $note{$i} $region{$y, $x}",
    ),
    Template::new(
        "",
        "unsigned $i = (unsigned)n; while ($i--) $x[$i] = $mix{$y[$i], $i}; $note{$i % 91} for (unsigned $j = (unsigned)n; $j-- > 0;) $y[$j] = $mix{$x[$j], 1}; for (size_t $k = (size_t)n; $k > 0; $k--) $z[$k - 1] = $mix{$z[$k], $x[$k]};",
    ),
    Template::new(
        "",
        "int $i = (int)n; while (--$i > 2) $x[$i] = $mix{$y[$i], $i}; $note{$i} int $j = (int)n + 1; do { $j--; $y[$j] = $mix{$x[$j], 2}; } while ($j > 0); $note{$j}",
    ),
    Template::new(
        "",
        "int $i = 3; do { $x[$i] = $mix{$y[$i], 1}; $i++; } while ($i < n); $note{$i} long $j = lo; do $y[$j] = $mix{$x[$j], $j}; while (++$j <= hi); $note{$j}",
    ),
    // Pointers that count, that go along, and that end where another one was made.
    Template::new(
        "",
        "for ($T *$w = $x, *$s = $x + n; $w < $s; $w++) *$w = $mix{*$w, 1}; for ($T *$w = $x + n, *$s = $y; $w > $x; $w--, $s++) *$s = $mix{*$w, $s[1]};",
    ),
    Template::new(
        "static void $S_copy($T *$1, const $T *$2, int $3) { while ($3--) *$1++ = $mix{*$2++, 1}; }\nstatic void $S_turn($T *$4, int $5) { $T *$6 = $4 + $5; while ($4 < --$6) { $T $7 = *$4; *$4++ = *$6; *$6 = $7; } }\n",
        "$S_copy($x, $y, (int)n); $S_copy(p, q, (int)n / 2); $S_turn($x, (int)n); $S_copy($x + 1, $x, (int)n);",
    ),
    Template::new(
        "",
        "$T *$w = $x; $T *$s = $w + n; while ($w != $s) { *$w = $mix{$y[$w - $x], 2}; $w++; } $note{$w - $x} const $T *$k = $y + hi; $T *$j = $x + hi; while ($k >= $y + lo) { *$j-- = *$k--; }",
    ),
    Template::new(
        "struct $S_pair { $T a, b; };\nstatic struct $S_pair $S_pairs[48];\n",
        "struct $S_pair *$w = $S_pairs, *$s = $S_pairs + 45; for (; $w < $s; $w += 3) { $w->a = $mix{$w[1].b, 1}; $w[2].b = $mix{$w->a, 2}; } for ($w = $S_pairs; $w != $S_pairs + 48; ++$w) $x[$w - $S_pairs] = $mix{$w->a, $w->b};",
    ),
    // More than one counter, of more than one type.
    Template::new(
        "",
        "for (int $i = 0, $j = (int)n; $i < $j; $i++, $j--) { $T $w = $x[$i]; $x[$i] = $x[$j]; $x[$j] = $w; } for (int $i = 0, $j = (int)n - 1, $k = 2; $i < n; $i++, $j--, $k += 2) $y[$i] = $mix{$z[$j], $x[$k & 31]};",
    ),
    Template::new(
        "",
        "int $i, $j; for ($i = 0, $j = hi; $i < n && $i < 60; $i++, $j--) $x[$i] = $mix{$y[$i], $j}; $note{$j} for ($i = lo, $j = 0; $i <= hi; $i++, $j += 3) $y[$i] = $mix{$x[$j & 31], $j}; $note{$i + $j}",
    ),
    Template::new(
        "",
        "for (short $i = 0, $j = (short)n; $i < $j; $i++) $x[$i] = $mix{$y[$i], $j}; for (unsigned char $i = 3; $i < 200; $i += 3) $y[$i & 31] = $mix{$y[$i & 31], 1}; long $k = 0, $s = n; while ($k < $s) { $z[$k] = $mix{$x[$k], $s}; $k += 1; }",
    ),
    // What ends a loop early, or goes on early.
    Template::new(
        "",
        "int $i = 0; while ($i < n) { if ($x[$i] > 50) { $i += 1; continue; } $x[$i] = $mix{$y[$i], 1}; $i++; } $i = 0; while ($i < n) { if ($y[$i] == 7) break; $z[$i] = $mix{$y[$i], $i}; $i++; } $note{$i}",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i + 2 < n;) { $x[$i] = $mix{$y[$i + 2], $i}; ++$i; if ($i % 5 == 0) continue; $z[$i] = $mix{$x[$i], 3}; } int $j = (int)n; while ($j) { $j--; if ($y[$j] < 0) continue; $y[$j] = $mix{$y[$j], $j}; }",
    ),
    // Loops in loops.
    Template::new(
        "",
        "int $i = 0; while ($i < 7) { int $j = 0; while ($j < 7) { $x[$i * 7 + $j] = $mix{$y[$j * 7 + $i], $j}; $j++; } $i++; } $T *$w = $y; for (int $k = 0; $k < 6; $k++) { $T *$s = $w + 9; while ($w < $s) *$w++ = $mix{$z[$k], $k}; }",
    ),
    Template::new(
        "",
        "long $k = 3; while ($k-- > 0) { $region{$x, $y} int $i = (int)n; while ($i-- > 0) $y[$i] = $mix{$x[$i], $k}; } $note{$k}",
    ),
    // Loops that macros make: their headers, their braces, all of them, two at once.
    Template::new(
        "#define $S_FOR(i, n) for (int i = 0; i < (n); i++)\n#define $S_CELLS(i, j, n, m) $S_FOR(i, n) $S_FOR(j, m)\n",
        "$S_FOR($i, n) $x[$i] = $mix{$y[$i], $i}; $S_CELLS($j, $k, 6, 8) $y[$j * 8 + $k] = $mix{$x[$k * 6 + $j], $k}; for (long $s = 0; $s < 2; $s++) { $S_CELLS($j, $k, 6, 8) $z[$k] = $mix{$z[$k], $j}; $note{$z[3]} }",
    ),
    Template::new(
        "#define $S_SWEEP(i, lo, hi, st) for (i = lo; i < hi; i += st) {\n#define $S_END }\n#define $S_SWAP(t, a, b) do { $T t = a; a = b; b = t; } while (0)\n#define $S_BOTH(x, y) x = $mix{x, 1}; y = $mix{y, 2}\n",
        "int $i; $S_SWEEP($i, lo, hi, 3) $x[$i] = $mix{$y[$i + 1], $i}; $S_END $note{$i} for (int $j = 0; $j < n / 2; $j++) $S_SWAP($w, $y[$j], $y[n - $j]); $S_SWEEP($i, 0, n, 1) $S_BOTH($x[$i], $z[$i]); if ($i == 40) continue; $S_BOTH($y[$i], $x[0]); $S_END $note{$i}",
    ),
    Template::new(
        "#define $S_ALL(i, n, what) { for (int i = 0; i < (n); i++) { what } }\n#define $S_SET(to, n, v) do { for (int i_ = 0; i_ < (n); i_++) (to)[i_] = (v); } while (0)\n#define $S_WHILE(i, n) while (i < n)\n",
        "$S_ALL($i, n, $x[$i] = $mix{$y[$i], 1}; $y[$i] = $mix{$x[$i], $i};) $S_SET($z, (int)n / 2, 3); int $k = lo; $S_WHILE($k, hi) { $z[$k] = $mix{$x[$k], $k}; $k++; } if (n > 20) $S_SET($y, 9, 1); else $S_SET($x, 9, 2); for (int $j = 0; $j < 2; $j++) { $S_SET($x + $j, 12, $j); $note{$x[2]} }",
    ),
];
