//! Rows that arrays of pointers lead to: equally far apart, in turns with others, in any order, or not there.

use super::Template;

const ADD: &str = "static void $S_rows(int $1, int $2, $T **$3, $T *const *$4) { for (int $5 = 0; $5 < $1; $5++) for (int $6 = 0; $6 < $2; $6++) $3[$5][$6] = $mix{$3[$5][$6], $4[$5][$6]}; }\n";

const PLANES: &str = "static void $S_planes(int $1, int $2, int $3, $T ***$4, $T ***$5) { for (int $6 = 0; $6 < $1; $6++) for (int $7 = 0; $7 < $2; $7++) for (int $8 = 0; $8 < $3; $8++) $4[$6][$7][$8] = $mix{$4[$6][$7][$8], $5[$6][$7][$8]}; }\nstatic void $S_near(int $1, int $2, int $3, $T ***$4, $T ***$5) { for (int $6 = 1; $6 < $1 - 1; $6++) for (int $7 = 1; $7 < $2 - 1; $7++) for (int $8 = 1; $8 < $3; $8++) $5[$6][$7][$8] = $mix{$4[$6 - 1][$7][$8], $4[$6][$7 + 1][$8 - 1]}; }\n";

pub(super) const ROWS: &[Template] = &[
    // Parts of one array, of two in turns, and the same row twice.
    Template::new(
        ADD,
        "int $k = (int)n / 4; $T *$w[4] = {$x, $x + $k, $x + 2 * $k, $x + 3 * $k}, *$s[4] = {$y, $y + $k, $y + 2 * $k, $y + 3 * $k}; $S_rows(4, $k, $w, $s); $S_rows(3, $k, $w, $w + 1); $s[2] = $y; $S_rows(4, $k, $s, $w); $w[1] = $x; $S_rows(2, $k, $w, $s); $S_rows(4, $k - 2, $s, $s);",
    ),
    Template::new(
        ADD,
        "int $k = (int)n / 8; $T *$w[4], *$s[4]; for (int $i = 0; $i < 4; $i++) { $w[$i] = $x + 2 * $i * $k; $s[$i] = $w[$i] + $k; } $S_rows(4, $k, $w, $s); $S_rows(4, $k, $s, $w); $S_rows(3, $k + 1, $w, $s); for (int $i = 0; $i < 4; $i++) $s[$i] = $w[3 - $i]; $S_rows(4, $k, $s, $w); $S_rows(0, 5, 0, 0); $S_rows(1, $k, $w + 2, $s);",
    ),
    // One by one, and no longer there.
    Template::new(
        ADD,
        "int $k = (int)n; $T *$w[5], *$s[5]; for (int $i = 0; $i < 5; $i++) { $w[$i] = ($T *)calloc($k + 1, sizeof($T)); $s[$i] = ($T *)calloc($k + $i + 1, sizeof($T)); } $w[2][$k / 2] = 3; $S_rows(5, $k, $s, $w); free($w[3]); $w[3] = $y; $S_rows(5, $k, $w, $s); $S_rows(3, $k, $w, $s); for (int $i = 0; $i < 5; $i++) { if ($i != 3) free($w[$i]); $note{$s[$i][$k / 2]} free($s[$i]); }",
    ),
    // Names of rows, bounds by rows, conditions.
    Template::new(
        "static void $S_named(int $1, int $2, $T **$3, const int *$4) { for (int $5 = 0; $5 < $1; $5++) { $T *$6 = $3[$5]; if ($4[$5] > 0) for (int $7 = 1; $7 < $2; $7++) $6[$7] = $mix{$6[$7], $5}; } }\n",
        "int $k = (int)n / 5, $i[6] = {1, 0, 2, 0, 1, 0}; $T *$w[6] = {$x, 0, $x + $k, 0, $x + 2 * $k, 0}, *$s[5]; $S_named(6, $k, $w, $i); for (int $j = 0; $j < 5; $j++) $s[$j] = $y + $j * $k; $S_named(5, $k, $s, $i); $i[1] = 1; $S_named(5, $k, $s, $i); $S_named(0, 9, 0, 0);",
    ),
    Template::new(
        "static void $S_lower(int $1, $T **$2) { for (int $3 = 1; $3 <= $1; $3++) for (int $4 = 1; $4 <= $3; $4++) $2[$3][$4] = $mix{$2[$3][$4], $4}; }\nstatic void $S_steps(int $1, int $2, $T **$3, $T **$4) { for (int $5 = 1; $5 < $1 - 1; $5++) for (int $6 = 1; $6 < $2 - 1; $6++) $4[$5][$6] = $mix{$3[$5 - 1][$6], $3[$5][$6 + 1]}; }\n",
        "int $k = (int)n / 6; $T *$w[6], *$s[6]; for (int $i = 0; $i < 6; $i++) { $w[$i] = $x + $i * $k; $s[$i] = $y + $i * $k; } $S_lower($k < 5 ? $k - 1 : 5, $w); $S_lower(3, $s - 0); for (int $j = 0; $j < 3; $j++) { $S_steps(6, $k, $w, $s); $S_steps(6, $k, $s, $w); $T *$i = $w[1]; $w[1] = $s[1]; $s[1] = $i; }",
    ),
    // A structure holds them, and a function takes one.
    Template::new(
        "struct $S_matrix { int h, w; $T **data; };\nstatic $T $S_one(const $T *$1, int $2, $T $3) { for (int $4 = 0; $4 < $2; $4++) $3 = $mix{$3, $1[$4]}; return $3; }\nstatic void $S_all(const struct $S_matrix *$1, $T *$2) { for (int $3 = 0; $3 < $1->h; $3++) $2[$3] = $S_one($1->data[$3], $1->w, $2[$3]); }\n",
        "int $k = (int)n / 7; $T *$w[7]; for (int $i = 0; $i < 7; $i++) $w[$i] = $x + $i * $k; struct $S_matrix $s = {7, $k, $w}, $j = {0, 4, 0}; $S_all(&$s, $y); $w[3] = $w[6]; $S_all(&$s, $y + 5); $S_all(&$s, $x); $S_all(&$j, $y);",
    ),
    // Some rows and columns stay.
    Template::new(
        "static void $S_other(int $1, int $2, int $3, $T **$4) { for (int $5 = 0; $5 < $1; $5++) { if ($5 == $3) continue; for (int $6 = 0; $6 < $2; $6 += 3) $4[$5][$6] = $mix{$6, $5}; } for (int $5 = 0; $5 < $1; $5 += 2) { $4[$5][1] = 5; $4[$5][4] = $mix{$4[$5][0], 2}; } }\nstatic void $S_long(int $1, const int *$2, $T **$3) { for (int $4 = 0; $4 < $1; $4++) for (int $5 = 0; $5 < $2[$4]; $5++) $3[$4][$5] = $mix{$3[$4][$5], $5}; }\n",
        "int $k = (int)n / 5, $i[5] = {$k, 0, $k - 1, $k / 2, 1}; $T *$w[5], *$s[5]; for (int $j = 0; $j < 5; $j++) { $w[$j] = $x + $j * $k; $s[$j] = ($T *)malloc(($k + 9) * sizeof($T)); memcpy($s[$j], $y, ($k + 9) * sizeof($T)); } $S_other(5, $k, 2, $w); $S_other(5, $k, 7, $s); $S_long(5, $i, $s); $S_long(5, $i, $w); for (int $j = 0; $j < 5; $j++) { $note{$s[$j][$k / 2]} $note{$s[$j][2]} free($s[$j]); }",
    ),
    // Subscripts decide which row.
    Template::new(
        "static void $S_chosen(int $1, int $2, $T **$3, const int *$4, $T *$5) { for (int $6 = 0; $6 < $1; $6++) for (int $7 = 0; $7 < $2; $7++) $5[$6 * $2 + $7] = $3[$4[$6]][$7]; }\n",
        "int $k = (int)n / 4, $i[4] = {3, 1, 0, 1}; $T *$w[4] = {$x, $x + $k, $x + 2 * $k, $x + 3 * $k}; $S_chosen(4, $k, $w, $i, $y);",
    ),
    // Tables are swapped, the host looks and writes between steps, and rows are freed.
    Template::new(
        "static void $S_swapped(int $1, int $2, $T **$3, $T **$4) { for (int $5 = 1; $5 < $1 - 1; $5++) for (int $6 = 1; $6 < $2 - 1; $6++) $4[$5][$6] = $mix{$3[$5 - 1][$6], $3[$5][$6 + 1]}; }\n",
        "int $k = (int)n / 6 + 3; $T **$w = ($T **)malloc(6 * sizeof *$w), **$s = ($T **)malloc(6 * sizeof *$s); for (int $i = 0; $i < 6; $i++) { $w[$i] = ($T *)calloc($k, sizeof($T)); $s[$i] = ($T *)calloc($k, sizeof($T)); $w[$i][$i % 3] = 5; } for (int $i = 0; $i < 6; $i++) { $S_swapped(6, $k, $w, $s); $T **$j = $w; $w = $s; $s = $j; if ($i == 1) $w[2][1] = 3; if ($i == 2) { $note{$w[1][2]} } if ($i == 4) { free($s[3]); $s[3] = ($T *)calloc($k, sizeof($T)); } } for (int $i = 0; $i < 6; $i++) { $note{$w[$i][1]} free($w[$i]); free($s[$i]); } free($w); free($s);",
    ),
    Template::new(
        "static void $S_apart(int $1, int $2, $T **$3, $T **$4) { for (int $5 = 0; $5 < $1; $5++) for (int $6 = 0; $6 < $2; $6++) $4[$5][$6] = $mix{$3[$5][$6], $6}; }\n",
        "int $k = (int)n / 9; $T *$w[4], *$s[4]; for (int $i = 0; $i < 4; $i++) { $w[$i] = $x + 2 * $i * $k; $s[$i] = $y + 2 * $i * $k; } for (int $i = 0; $i < 5; $i++) { $S_apart(4, $k, $w, $s); $y[$k] = $i; for (int $j = 1; $j < 3; $j++) $x[2 * $j * $k + $k + $i] = $j; $S_apart(4 - $i / 2, $k, $s, $w); if ($i == 3) memcpy($w[1], $s[2], $k * sizeof($T)); $note{$x[3 * $k]} } $note{$y[$k]}",
    ),
    // Planes of rows in one block, one of them twice, rows in another order, and with room between them.
    Template::new(
        PLANES,
        "int $k = (int)n / 12; $T *$w[3][4], *$s[3][4], **$i[3], **$j[3]; for (int $1 = 0; $1 < 3; $1++) { $i[$1] = $w[$1]; $j[$1] = $s[$1]; for (int $2 = 0; $2 < 4; $2++) { $w[$1][$2] = $x + ($1 * 4 + $2) * $k; $s[$1][$2] = $y + ($1 * 4 + $2) * $k; } } $S_planes(3, 4, $k, $i, $j); $S_near(3, 4, $k, $i, $j); $S_planes(2, 3, $k, $j, $i + 1); $j[1] = $j[0]; $S_planes(3, 4, $k, $j, $i); $j[1] = $s[1]; $s[1][1] = $s[2][3]; $S_near(3, 4, $k, $j, $i); $S_planes(3, 1, $k, $i, $j); $S_planes(1, 4, $k - 1, $i, $j); $S_planes(0, 5, 5, 0, 0);",
    ),
    Template::new(
        PLANES,
        "int $k = (int)n / 16; $T *$w[3][2], *$s[3][2], **$i[3], **$j[3]; for (int $1 = 0; $1 < 3; $1++) { $i[$1] = $w[$1]; $j[$1] = $s[$1]; for (int $2 = 0; $2 < 2; $2++) { $w[$1][$2] = $x + ($1 * 5 + $2 * 2) * $k; $s[$1][$2] = $x + ($1 * 5 + $2 * 2 + 1) * $k; } } $S_planes(3, 2, $k, $i, $j); $S_planes(3, 2, $k, $j, $i); for (int $1 = 0; $1 < 3; $1++) { $j[$1] = $s[2 - $1]; } $S_planes(3, 2, $k, $i, $j);",
    ),
    // Row by row, swapped, with a look and freed rows between.
    Template::new(
        PLANES,
        "int $k = (int)n / 12 + 3; $T ***$w = ($T ***)malloc(3 * sizeof *$w), ***$s = ($T ***)malloc(3 * sizeof *$s); for (int $i = 0; $i < 3; $i++) { $w[$i] = ($T **)malloc(4 * sizeof **$w); $s[$i] = ($T **)malloc(4 * sizeof **$s); for (int $j = 0; $j < 4; $j++) { $w[$i][$j] = ($T *)calloc($k, sizeof($T)); $s[$i][$j] = ($T *)calloc($k, sizeof($T)); $w[$i][$j][$i] = 5; } } for (int $i = 0; $i < 6; $i++) { $S_near(3, 4, $k, $w, $s); $T ***$j = $w; $w = $s; $s = $j; if ($i == 1) $w[2][1][1] = 3; if ($i == 2) { $note{$w[1][2][1]} } if ($i == 3) { $T **$1 = $w[0]; $w[0] = $w[2]; $w[2] = $1; } if ($i == 4) { free($s[1][3]); $s[1][3] = ($T *)calloc($k, sizeof($T)); } $S_planes(3, 4, $k, $s, $w); } for (int $i = 0; $i < 3; $i++) { for (int $j = 0; $j < 4; $j++) { $note{$w[$i][$j][1]} free($w[$i][$j]); free($s[$i][$j]); } free($w[$i]); free($s[$i]); } free($w); free($s);",
    ),
    // A row that a loop fills for the next one.
    Template::new(
        "static void $S_kept(int $1, int $2, $T *$3, const $T *$4) { $T $5[300], $6[300]; if ($2 > 300) return; for (int $7 = 0; $7 < $1; $7++) { for (int $8 = 0; $8 < $2; $8++) { $5[$8] = $mix{$4[$7 * $2 + $8], $7}; $6[$8] = $mix{$4[$7 * $2 + $8], $8}; } for (int $8 = 1; $8 < $2 - 1; $8++) $3[$7 * $2 + $8] = $mix{$5[$8 - 1], $6[$8 + 1]}; } }\n",
        "$S_kept(4, (int)n / 4, $y, $x); $S_kept(3, (int)n / 5, $y, $x); $S_kept(2, 1, $x, $y); $S_kept(2, (int)n / 3, $y, $y);",
    ),
    // Around the edges, and every other one.
    Template::new(
        "static void $S_around(int h, int w, $T **from, $T **to) { for (int i = 0; i < h; i++) for (int j = 0; j < w; j++) to[i][j] = $mix{from[(i + h - 1) % h][j], from[i][(j + 1) % w]}; }\nstatic void $S_other(int h, int w, $T **from, $T **to) { for (int i = 0; i < h; i++) for (int j = 0; j < w; j++) to[i][j] = $mix{from[2 * i][j], from[2 * i + 1][j]}; }\n",
        "int $k = (int)n / 6; $T *$w[6], *$s[6]; for (int $i = 0; $i < 6; $i++) { $w[$i] = $x + $i * $k; $s[$i] = $y + $i * $k; } $S_around(6, $k, $w, $s); $S_around(1, $k, $s, $w); $S_around(3, 2, $w + 2, $s); $S_other(3, $k, $w, $s); $w[1] = $w[4]; $S_around(5, $k, $s, $w); $S_other(2, $k, $s + 1, $w); $S_around(0, 4, 0, 0);",
    ),
];
