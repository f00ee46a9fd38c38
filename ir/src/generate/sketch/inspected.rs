//! Subscripts in memory, which are looked at before a launch: again and again while they stay, and where they do not.

use super::Template;

const FILL: &str = "static int $S_at[128], $S_to[128];\n\
    static void $S_fill(int *$1, int $2, int $3) { for (int $4 = 0; $4 < $2; $4++) $1[$4] = ($4 * $3 + 1) % $2; }\n";

pub(super) const INSPECTED: &[Template] = &[
    Template::new(
        FILL,
        "$S_fill($S_at, (int)n + 30, 7); for (int $k = 0; $k < 3; $k++) { for (int $i = 0; $i < n + 30; $i++) $x[$S_at[$i]] = $mix{$x[$S_at[$i]], $y[$i]}; $region{$y, $z} }",
    ),
    // They change in the middle: two of them, so that two are the same, as a whole.
    Template::new(
        FILL,
        "$S_fill($S_at, (int)n + 30, 7); for (int $k = 0; $k < 4; $k++) { if ($k == 1) { int $s = $S_at[2]; $S_at[2] = $S_at[9]; $S_at[9] = $s; } if ($k == 2) $S_at[3] = $S_at[4]; for (int $i = 0; $i < n + 30; $i++) $x[$S_at[$i]] = $mix{$x[$S_at[$i]], $y[$i]}; $region{$z, $y} }",
    ),
    Template::new(
        FILL,
        "$S_fill($S_at, (int)n + 30, 11); for (int $k = 0; $k < 3; $k++) { for (int $i = 0; $i < n + 30; $i++) $x[$S_at[$i]] = $mix{$y[$i], $i}; for (int $i = 0; $i < n + 30; $i++) $S_at[$i] = ($S_at[$i] + $k) % (int)(n + 30); } $note{$S_at[$c]}",
    ),
    Template::new(
        FILL,
        "$S_fill($S_at, (int)n + 30, 3); for (int $k = 0; $k < 3; $k++) { for (int $i = 0; $i < n + 30; $i++) $x[$S_at[$i]] = $mix{$y[$i], $i}; if ($k == 1) memset($S_at, 0, 20 * sizeof *$S_at); else memmove($S_at + 1, $S_at, 9 * sizeof *$S_at); }",
    ),
    // Rows of a sparse matrix, the columns of which move.
    Template::new(
        "static int $S_row[130], $S_col[512];\n",
        "for (int $i = 0; $i < n + 30; $i++) $S_row[$i + 1] = $S_row[$i] + $i % 4; for (int $j = 0; $j < $S_row[n + 30]; $j++) $S_col[$j] = ($j * 5 + $c) % (int)(n + 30); for (int $k = 0; $k < 3; $k++) { for (int $i = 0; $i < n + 30; $i++) { $T $s = 1; for (int $j = $S_row[$i]; $j < $S_row[$i + 1]; $j++) $s = $mix{$s, $y[$S_col[$j]]}; $x[$i] = $s; } if ($k == 1) $S_col[0] = (int)n; $region{$y, $z} }",
    ),
    // Other memory at the same address, and one memory after the other.
    Template::new(
        FILL,
        "for (int $k = 0; $k < 3; $k++) { int *$w = (int *)malloc(128 * sizeof *$w); $S_fill($w, (int)n + 30, $k + 7); for (int $j = 0; $j < 2; $j++) for (int $i = 0; $i < n + 30; $i++) $x[$w[$i]] = $mix{$x[$w[$i]], $i}; free($w); }",
    ),
    Template::new(
        FILL,
        "$S_fill($S_at, (int)n + 30, 7); $S_fill($S_to, (int)n + 30, 2); int *$w = $S_at, *$s = $S_to; for (int $k = 0; $k < 4; $k++) { for (int $i = 0; $i < n + 30; $i++) $x[$w[$i]] = $mix{$y[$s[$i]], $i}; int *$j = $w; $w = $s; $s = $j; }",
    ),
    Template::new(
        "static void $S_put(int $1, $T *$2, const $T *$3, const int *$4) { for (int $5 = 0; $5 < $1; $5++) $2[$4[$5]] = $mix{$3[$5], $5}; }\n",
        "int $w[128]; for (int $i = 0; $i < n + 30; $i++) $w[$i] = $i ^ 1; $w[n + 29] = $w[n + 28] = 0; for (int $k = 0; $k < 3; $k++) { $S_put((int)n + 20, $x, $y, $w); $S_put((int)n + 28 + $k, $y, $z, $w); $w[$k] = $w[$k + 1]; } $note{$x[1]}",
    ),
    // What a scalar says, too.
    Template::new(
        FILL,
        "$S_fill($S_at, (int)n + 30, 7); for (int $k = 1; $k < 4; $k++) { for (int $i = 0; $i < n + 10; $i++) $x[$S_at[$i] / $k] = $mix{$y[$i], $k}; $region{$z, $x} }",
    ),
];
