//! Loops over blocks of iterations, with bounds that are products, choices or several conditions, with steps that are
//! variables; and subscripts that data decide and conditions limit.

use super::Template;

pub(super) const BLOCKS: &[Template] = &[
    // Blocks that are put together again, and some whose order counts.
    Template::new(
        "#define $S_MIN(a, b) ((a) < (b) ? (a) : (b))\n",
        "int $i, $j, $k, $s; for ($i = 0; $i < 7; $i += 3) for ($j = 0; $j < 8; $j += 4) for ($k = $i; $k < $S_MIN($i + 3, 7); $k++) for ($s = $j; $s < $S_MIN($j + 4, 8); $s++) $x[$k * 8 + $s] = $mix{$y[$s * 7 + $k], $s}; $note{$x[9]}",
    ),
    Template::new(
        "",
        "int $i, $j, $k, $s; for ($i = 0; $i < 5; $i += 2) for ($j = 0; $j < 8; $j += 3) for ($k = $i; $k < 5 && $k < $i + 2; $k++) for ($s = $j; $s < $j + 3 && $s < 8; $s++) $x[$k * 8 + $s + 9] = $mix{$x[$k * 8 + $s], $y[$s]}; for ($i = 0; $i < 4; $i += 2) for ($j = 1; $j < 9; $j += 4) for ($k = $i; $k < $i + 2; $k++) for ($s = $j; $s < $j + 4; $s++) $y[$k * 9 + $s - 1] = $mix{$y[$k * 9 + $s + 8], $k};",
    ),
    Template::new(
        "",
        "int $w = 3 + (int)n % 5; for (int $i = 0; $i < n; $i += $w) { int $k = $i + $w; if ($k > n) $k = (int)n; for (int $j = $i; $j < $k; $j++) $x[$j] = $mix{$y[$j], $w}; } for (int $s = 0; $s < 3; $s++) for (int $i = 0; $i < n; $i += $w) for (int $j = $i; $j < ($i + $w < n ? $i + $w : n); $j++) $z[$j] = $mix{$z[$j], $x[$j]};",
    ),
    Template::new(
        "",
        "int $k = 0; for (int $i = 0; $i < 6; $i += 2) for (int $j = 0; $j < 8; $j++) for (int $s = $i; $s < $i + 2; $s++) { $x[$k] = $mix{$y[$s * 8 + $j], $s}; $k++; } $note{$k} $k = 0; for (int $i = 0; $i < n; $i += 5) for (int $j = $i; $j < $i + 5 && $j < n; $j++) { if ($y[$j] > $y[$k]) $k = $j; } $note{$k}",
    ),
    // What looks like blocks, while bounds change.
    Template::new(
        "",
        "for (int $i = 0; $i < 24; $i += 8) { int $k = $i + 5; for (int $j = 0; $j < 3; $j++) { $k++; for (int $s = $i; $s < $k; $s++) $x[$s] = $mix{$x[$s], $j}; } } int $w = lo; for (int $i = $w; $i < 40; $i += 8) { $w = 0; for (int $j = $i; $j < ($i + 8 < 40 ? $i + 8 : 40); $j++) $y[$j] = $mix{$y[$j], $x[$j]}; }",
    ),
    // From a product on, and between numbers of blocks.
    Template::new(
        "",
        "int $w = 1 + (int)n % 6; for (int $i = 0; $i < 8; $i++) for (int $k = $i * $w; $k < ($i + 1) * $w; $k++) $x[$k] = $mix{$y[$k], $i}; for (int $i = 0; $i < 5; $i++) { int $j = $i * $w, $s = $j + $w; for (int $k = $j; $k < $s; $k++) { $z[$k] = $mix{$y[$k], $i}; if ($y[$k] == 4) $s = $k; } }",
    ),
    Template::new(
        "",
        "int $k = ((int)n + 3) / 4; for (int $i = 0; $i < 4; $i++) { int $j = $i * $k, $s = $j + $k < n ? $j + $k : (int)n; for (int $w = $j; $w < $s; $w++) $x[$w] = $mix{$y[$w], $i}; } $note{$x[1]}",
    ),
    // Steps that are variables, of 0 where nothing runs.
    Template::new(
        "",
        "int $w = (int)(n % 3) + 1; for (int $i = 0; $i < n; $i += $w) $x[$i] = $mix{$y[$i], $w}; for (int $j = 2; $j < 9; $j++) for (int $k = $j * $j; $k < n; $k += $j) $z[$k] = $mix{$z[$k], 1}; int $s = n > 40 ? 0 : 2; for (int $k = 0; $k < (n > 40 ? -1 : 30); $k += $s) $y[$k] = $mix{$y[$k], $s};",
    ),
    // Several conditions, and choices between bounds.
    Template::new(
        "",
        "for (int $k = 0; $k < n && $y[$k] != 7; $k++) $z[$k] = $mix{$x[$k], 1}; int $s; for ($s = lo; $s < hi && $s <= n && $s != 17; $s++) $y[$s] = $mix{$z[$s], $s}; $note{$s} for (int $i = 0; $i < 9; $i++) for (int $j = (int)$y[$i] & 15; $j != 9 && $j < 14; $j++) $x[$i] = $mix{$x[$i], $y[$j]};",
    ),
    Template::new(
        "",
        "int $k = lo > 2 ? lo : 2; for (int $i = 0; $i < (n < hi ? n : hi); $i++) $x[$i] = $mix{$y[$i + $k], $i}; for (int $j = $k; $j < (hi > n ? hi : n); $j++) $z[$j] = $mix{$x[$j], 2}; for (int $i = 0; $i < 6; $i++) for (int $s = (n < 3 ? n : 3); $s < 8; $s++) $y[$i * 8 + $s] = $mix{$z[$s], $i};",
    ),
    // Subscripts that conditions limit, on both sides, on one, for a while.
    Template::new(
        "static int $S_counts[32];\nstatic long $S_sums[64];\n",
        "for (int $i = 0; $i < n; $i++) { int $k = (int)$y[$i]; if ($k < 0) $k = 0; if ($k > 31) $k = 31; $S_counts[$k]++; } for (int $i = 0; $i < n; $i++) { int $k = (int)$x[$i]; $k = $k < 2 ? 2 : $k > hi ? hi : $k; $S_sums[$k + 8] += 2; } for (int $i = 0; $i < n; $i++) { int $k = (int)$z[$i]; if ($k < 0 || $k > 40) continue; $S_sums[$k] += $i; } $note{$S_counts[3] + $S_counts[31] + $S_sums[10] + $S_sums[48]}",
    ),
    Template::new(
        "static void $S_count(const $T *$1, int *$2, int $3, int $4) { for (int $5 = 0; $5 < $3; $5++) { int $6 = (int)$1[$5]; if ($6 < 0) $6 = 0; else if ($6 >= $4) $6 = $4 - 1; $2[$6]++; } }\nstatic int $S_counts[40];\n",
        "$S_count($x, $S_counts, (int)n, 8); $S_count($y, $S_counts + 8, (int)n, 30); for (int $i = 0; $i < n; $i++) { int $k = (int)$y[$i]; if ($k >= 0 && $k < n) $z[$i] = $mix{$x[$k], $i}; } for (int $i = 0; $i < n; $i++) { int $k = (int)$z[$i]; if ($k < 0) $k = -$k; if ($k <= 40) { $k += 5; $y[$i] = $mix{$x[$k], 2}; } } $note{$S_counts[0] + $S_counts[7] + $S_counts[37]}",
    ),
];
