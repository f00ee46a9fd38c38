//! Loops that a thread leaves early, what they leave behind, memory that the C library copies element by element, `switch`,
//! and structures written as values.

use super::Template;

pub(super) const LEAVING: &[Template] = &[
    // What the counter is afterwards, and what it leads to.
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { int $j; for ($j = 0; $j < n; $j++) if ($y[$j] > $x[$i]) break; $z[$i] = $mix{$z[$i], $j}; } for (int $i = 0; $i < n; $i++) { int $k = -1; for (int $j = 0; $j < n; $j++) if ($x[$j] == $y[$i]) { $k = $j; break; } if ($k >= 0) $z[$i] = $mix{$x[$k], $k}; }",
    ),
    Template::new(
        "",
        "int $i, $j = 5; for ($i = 0; $i < n; $i++) { for ($j = (int)n; $j > 0; $j -= 2) { if ($y[$j] < $x[$i]) continue; if ($y[$j - 1] > 3) break; $z[$i] = $mix{$z[$i], $j}; } $x[$i] = $mix{$x[$i], $j}; } $note{$j}",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { unsigned char $k; for ($k = 3; $k < 29; $k += 5) { $z[$i] = $mix{$z[$i], $k}; if ($z[$i] > 40) break; } $x[$i] = $mix{$y[$k & 31], $k}; }",
    ),
    // Statements before, between and behind ways out.
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { $T $w = $x[$i], $s = 0; for (int $k = 0; $k < 12; $k++) { $s = $mix{$s, $k}; if ($w > 20) { if ($y[$k] > 5) break; $w = $mix{$w, 1}; } else if ($w < -20) break; else $s = $mix{$w, $s}; if ($s == 7) break; $w = $mix{$y[$k], $w}; } $z[$i] = $mix{$w, $s}; }",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < 7; $i++) for (int $j = 0; $j < 7; $j++) { $T $w = 0; for (int $k = 0; $k < 7; $k++) { $w = $mix{$w, $x[$i * 7 + $k]}; if ($w > 30) break; for (int $s = 0; $s < 3; $s++) { if ($y[$k * 7 + $s] == $w) continue; if ($y[$j] > $w) break; $w = $mix{$w, $s}; } if ($w < -30) break; } $z[$i * 7 + $j] = $w; }",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { int $j = 0; while (1) { if ($j >= n) break; $j++; if ($y[$j] == $x[$i]) break; if ($y[$j] > 9) continue; if ($j > 20) break; } $z[$i] = $mix{$z[$i], $j}; }",
    ),
    // Whole arrays and sums on both sides of the way out.
    Template::new(
        "",
        "long $k = 0; for (int $i = 0; $i < n; $i++) { int $j; for ($j = 0; $j < 9; $j++) if ($x[($i + $j) & 31] != $y[$j]) break; if ($j > 0) $k++; $k += $j; } $note{$k} for (int $i = 0; $i < 9; $i++) for (int $j = 0; $j < 5; $j++) { $x[$i * 5 + $j] = $mix{$y[$j], $i}; if ($y[$i] > $z[$j]) break; $z[$i * 5 + $j] = $mix{$z[$i * 5 + $j], 2}; }",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { int $w[8]; memset($w, 0, sizeof $w); for (int $j = 0; $j < n; $j++) { $w[$j & 7] += $j; if ($w[$j & 7] > 40) { $w[0] = -1; break; } } $z[$i] = $mix{$z[$i], $w[$i & 7] + $w[0]}; }",
    ),
    // Places that iterations hand on: searches by halves, slots one after the other, the least so far.
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { int $j = 0, $k = (int)n; while ($j < $k) { int $w = $j + ($k - $j) / 2; if ($y[$w] < $x[$i]) $j = $w + 1; else $k = $w; } $z[$i] = $mix{$z[$i], $j}; } for (int $i = 0; $i < n; $i++) { int $j = 0, $k = (int)n - 1, $s = -1; while ($j <= $k) { int $w = ($j + $k) / 2; if ($y[$w] == $z[$i]) { $s = $w; break; } if ($y[$w] < $z[$i]) $j = $w + 1; else $k = $w - 1; } $x[$i] = $mix{$x[$i], $s}; }",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { unsigned $k = (unsigned)$i * 7u % (unsigned)n; for (int $j = 0; $j < 5; $j++) { if ($y[$k] == $x[$i]) break; $k = ($k + 1) % (unsigned)n; } $z[$i] = $mix{$y[$k], $k}; } for (int $i = 0; $i < n; $i++) { int $j = 0; do { $z[$i] = $mix{$z[$i], $y[$j]}; $j = ($j + 3) & 7; } while ($j != 0); }",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { int $k = 0; for (int $j = 1; $j < n; $j++) if ($y[$j] < $y[$k]) $k = $j; $z[$i] = $mix{$y[$k], $x[$i]}; } int $k = -1; double $w = 1; for (int $i = 0; $i < n; $i++) { double $s = $x[$i] * 0.3 + $y[$i] * 0.7; if ($s > $w) { $w = $s; $k = $i; } } $note{$k}",
    ),
    // A loop of the region itself, which stays in order.
    Template::new(
        "",
        "int $i; for ($i = 0; $i < n; $i++) { if ($x[$i] > 60) break; $z[$i] = $mix{$x[$i], $i}; for (int $j = 0; $j < 5; $j++) { if ($y[$j] > $x[$i]) break; $z[$i] = $mix{$z[$i], $j}; } } $note{$i} for (long $k = 0; $k < 3; $k++) { $region{$x, $y} if ($x[$k] > 1000) break; for (int $j = 0; $j < n; $j++) { if ($j == $k) continue; $y[$j] = $mix{$x[$j], $k}; } }",
    ),
    // Helpers that return from loops.
    Template::new(
        "static int $S_at(const $T *$1, int $2, $T $3) { for (int $4 = 0; $4 < $2; $4++) if ($1[$4] >= $3) return $4; return -1; }\nstatic $T $S_first(const $T *$5, int $6, $T $7) { for (int $1 = 0; $1 < $6; $1++) { for (int $2 = $1; $2 < $6; $2 += 3) if ($5[$1] == $5[$2] + $7) return $5[$2]; if ($5[$1] > 70) return $7; } return 1; }\n",
        "for (int $i = 0; $i < n; $i++) { int $k = $S_at($y, (int)n, $x[$i]); if ($k == -1) $k = (int)n - 1; $z[$i] = $mix{$y[$k], $k}; } for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$S_first($y, (int)n, $x[$i]), $S_at($z, 9, $x[$i])};",
    ),
    Template::new(
        "static void $S_fill($T *$1, const $T *$2, int $3) { for (int $4 = 0; $4 < $3; $4++) { $T $5 = $2[$4]; if ($5 > 33) return; $1[$4] = $mix{$1[$4], $5}; if ($4 == 4) { $1[$4] = $5; return; } } $1[0] = 1; }\nstatic char $S_has(const $T *$6, int $7, $T $1) { int $2 = 0; while ($2 < $7) { if ($6[$2] == $1) return 1; if ($6[$2++] < -50) return 2; } return 0; }\n",
        "for (int $i = 0; $i < 8; $i++) $S_fill($x + $i * 5, $y + $i, 5); for (int $i = 0; $i < n; $i++) if ($S_has($y, (int)n, $x[$i]) == 1 || $S_has($z, 7, 3)) $z[$i] = $mix{$x[$i], 1}; else $z[$i] = $mix{$z[$i], 2};",
    ),
    // Where a greatest or least value is: the first, the last, of some, from the end, by the place alone.
    Template::new(
        "",
        "$T $w = $x[3]; int $k = -1; for (int $i = 0; $i < n; $i++) if ($x[$i] > $w) { $w = $x[$i]; $k = $i; } $note{$k} $note{$w} int $j = 7; $T $s = 1; for (int $i = (int)n - 1; $i > 2; $i -= 2) { if ($z[$i] != 3 && $y[$i] <= $s) { $j = 2 * $i + 1; $s = $y[$i]; } } $note{$j} $note{$s}",
    ),
    Template::new(
        "",
        "int $k = 2, $j = 4; for (int $i = 3; $i < n; $i++) if ($x[$i] > $x[$k]) $k = $i; $x[$k] = $mix{$y[$k], $k}; for (int $i = 0; $i < n; $i++) if ($y[$i] > 0 && $y[$j] >= $y[$i]) $j = $i; $note{$k} $z[$j] = $mix{$x[$j], $j}; for (int $s = 0; $s < 5; $s++) { int $w = $s; for (int $i = $s + 1; $i < n; $i++) { if ($z[$i] < $z[$w]) { $w = $i; } } $z[$s] = $z[$w]; }",
    ),
    // What a loop may leave: the last, the greatest, one of several, from before.
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { int $k = $i, $w = 0; for (int $j = 1; $j < n; $j++) { if ($y[$j] > $y[$w]) $w = $j; if ($x[$j] < 0) $k = (int)n - 1 - $j; } $z[$i] = $mix{$x[$k], $y[$w]}; } for (int $i = 0; $i < 20; $i++) { unsigned char $s = 2; for (int $j = 0; $j < 30; $j += 4) { for (int $k = $j; $k > 0; $k -= 3) if ($z[$k] == $x[$i]) { $s = (unsigned char)($k + 1); break; } if ($s > 20) break; } $y[$i + 20] = $mix{$x[$s], $s}; }",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { int $k = 0, $w = 0; for (int $j = 0; $j < n; $j++) { $k = $j & 15; if ($x[$j] > 10) { $w = $k; } if ($y[$k] == 3) break; } $z[$k + $w] = $mix{$z[$w], $k}; }",
    ),
    // Memory.
    Template::new(
        "static $T $S_rows[6][8], $S_own[6][8];\n",
        "for (int $i = 0; $i < 6; $i++) memcpy($S_rows[$i], $x + $i * 8, 8 * sizeof($T)); for (int $i = 0; $i < 6; $i++) { memcpy($S_own[$i], $S_rows[5 - $i], sizeof $S_own[$i]); $S_own[$i][$i] = $mix{$y[$i], $i}; memset($S_rows[$i], 0, ($i + 1) * sizeof($T)); } for (int $i = 0; $i < 48; $i++) $y[$i] = $mix{$S_own[$i / 8][$i % 8], $S_rows[$i / 8][$i % 8]};",
    ),
    Template::new(
        "struct $S_cell { $T a; char b[4]; };\nstatic struct $S_cell $S_cells[40], $S_others[40];\n",
        "for (int $i = 0; $i < 40; $i++) { struct $S_cell $w = {$x[$i], {1, 2, 3, 4}}; memcpy(&$S_cells[$i], &$w, sizeof $w); memset($S_cells[$i].b, $i, 2); } for (int $i = 0; $i < 39; $i++) { memcpy($S_others + $i, $S_cells + 39 - $i, sizeof(struct $S_cell)); memcpy($S_others[$i].b, $S_cells[$i + 1].b, 4); } for (int $i = 0; $i < 40; $i++) $z[$i] = $mix{$S_others[$i].a, $S_others[$i].b[$i & 3]};",
    ),
    Template::new(
        "",
        "int $k[6] = {3, 0, 4, 1, 5, 2}; for (int $i = 0; $i < 6; $i++) memcpy($x + $i * 8, $y + $k[$i] * 8, (n < 8 ? n : 8) * sizeof *$x); for (int $i = 0; $i < 5; $i++) { memcpy($x, $x + 9 + $i, 3 * sizeof($T)); $z[$i] = $mix{$x[$i & 1], $x[2]}; }",
    ),
    // Cases: with blocks, several labels, and ways into the next one; around loops, and in a helper.
    Template::new(
        "enum $S_kind { $S_NONE, $S_SOME = 3, $S_MORE };\n",
        "for (int $i = 0; $i < n; $i++) { int $k = $i % 7; switch ($k) { case $S_NONE: $x[$i] = $mix{$x[$i], 1}; break; case $S_SOME: case $S_MORE: { $T $w = $y[$i]; $x[$i] = $mix{$w, $k}; break; } case 5: $k = 1; case 6: $x[$i] = $mix{$y[$i], $k}; break; default: if ($y[$i] > 3) continue; else $z[$i] = 2; } $z[$i] = $mix{$x[$i], $k}; }",
    ),
    Template::new(
        "",
        "for (int $k = 0; $k < 5; $k++) switch ($k & 3) { default: $region{$x, $y} break; case 1: for (int $i = 0; $i < n; $i++) $y[$i] = $mix{$x[$i], $k}; /* falls through */ case 2: for (int $i = 0; $i < n; $i++) $z[$i] = $mix{$y[$i], 2}; break; case 3: $note{$x[$k]} } $note{$z[1]}",
    ),
    Template::new(
        "static $T $S_apply(int $1, $T $2, $T $3) { switch ($1) { case 0: return $mix{$2, $3}; case -1: $2 = $3; case 1: return $mix{$3, 1}; case 'a': { for (int $4 = 0; $4 < 3; $4++) { if ($2 > 9) break; $2 = $mix{$2, $4}; } break; } default: return $2; } return $mix{$2, 5}; }\n",
        "for (int $i = 0; $i < n; $i++) $z[$i] = $S_apply(($i % 4) - 1, $x[$i], $y[$i]); for (int $i = 0; $i < n; $i++) $x[$i] = $S_apply($i & 1 ? 'a' : 9, $y[$i], $z[$i]);",
    ),
    Template::new(
        "struct $S_point { $T a, b; int c; };\nstruct $S_line { struct $S_point from, to; };\nstatic struct $S_point $S_made($T $1, $T $2) { return (struct $S_point){$1, .c = 2, .b = $2}; }\nstatic $T $S_long(struct $S_line $3) { return $mix{$3.from.a, $3.to.b} + $3.to.c; }\nstatic struct $S_point $S_points[64];\n",
        "for (int $i = 0; $i < n; $i++) $S_points[$i] = (struct $S_point){$x[$i], $y[$i]}; for (int $i = 0; $i < n; $i++) { struct $S_point $w = $S_made($x[$i], $z[$i]); struct $S_line $s = {$w, $S_points[$i]}; $S_points[$i].c = $i; $z[$i] = $mix{$S_long($s), $S_long((struct $S_line){.to = $w, .from = {1, 2, 3}})}; } $note{$S_points[2].c}",
    ),
];
