//! Numbers that a row computes before a loop overwrites what they are made of, and what looks like them: numbers that change in
//! between, that the next row or the text behind needs, that conditions leave alone, that bound loops or are subscripts.

use super::Template;

pub(super) const NUMBERS: &[Template] = &[
    // A step of an elimination, again and again, and one of its own arrays.
    Template::new(
        "static void $S_step(int $1, int $2, $T *$3, $T *$4) { for (int $5 = $2 + 1; $5 < $1; $5++) { $T $6 = $mix{$3[$5 * $1 + $2], $3[$2 * $1 + $2]}; for (int $7 = $2; $7 < $1; $7++) $3[$5 * $1 + $7] = $mix{$mix{$3[$5 * $1 + $7], $6}, $3[$2 * $1 + $7]}; $4[$5] = $mix{$4[$5], $6}; } }\n",
        "int $k = 4 + (int)n / 12; for (int $s = 0; $s < $k; $s++) $S_step($k, $s, $x, $y); $S_step($k, -1 + $k, $y, $x); $S_step(0, 0, $x, $y); $S_step(4, 1, $y, $y + 16);",
    ),
    Template::new(
        "static $T $S_m[9][11];\n",
        "for (int $i = 0; $i < 9; $i++) for (int $j = 0; $j < 11; $j++) $S_m[$i][$j] = $x[$i * 2 + $j]; for (int $k = 0; $k < 9; $k++) for (int $i = $k + 1; $i < 9; $i++) { $T $s = $mix{$S_m[$i][$k], $S_m[$k][$k]}; $S_m[$i][$k] = $s; for (int $j = $k + 1; $j < 11; $j++) $S_m[$i][$j] = $mix{$S_m[$i][$j], $mix{$S_m[$k][$j], $s}}; } for (int $i = 0; $i < 9; $i++) $y[$i] = $S_m[$i][$i + 2];",
    ),
    // Two numbers, of which one is made of the other, and one that changes in between.
    Template::new(
        "static void $S_two(int $1, $T *$2, $T *$3) { for (int $4 = 0; $4 < $1; $4++) { $T $5 = $mix{$2[$4 * $1], 1}, $6 = $mix{$5, $2[$4 * $1 + 1]}; for (int $7 = 0; $7 < $1; $7++) $2[$4 * $1 + $7] = $mix{$2[$4 * $1 + $7], $5}; $5 = $mix{$5, $2[$4 * $1]}; for (int $7 = 1; $7 < $1; $7++) $3[$4 * $1 + $7] = $mix{$6, $5}; } }\n",
        "int $k = 4 + (int)n / 12; $S_two($k, $x, $y); $S_two($k, $y, $z); $S_two(1, $x, $z);",
    ),
    // A sum along the row, and what is made of it.
    Template::new(
        "static void $S_even(int $1, int $2, $T *$3, $T *$4) { for (int $5 = 0; $5 < $1; $5++) { $T $6 = 1; for (int $7 = 0; $7 < $2; $7++) $6 = $mix{$6, $3[$5 * $2 + $7]}; $T last = $mix{$6, $4[$5]}; for (int $7 = 0; $7 < $2; $7++) $3[$5 * $2 + $7] = $mix{$3[$5 * $2 + $7], last}; $4[$5] = last; } }\n",
        "int $k = 4 + (int)n / 12; $S_even($k, $k, $x, $y); $S_even(3, 2 * $k, $z, $x); $S_even($k, 0, $z, $y);",
    ),
    // Some rows have none, and some iterations do not look.
    Template::new(
        "static void $S_some(int $1, $T *$2, $T *$3) { for (int $4 = 0; $4 < $1; $4++) { $T $5 = 2; if ($2[$4 * $1] > 3) $5 = $mix{$2[$4 * $1 + 1], $4}; for (int $6 = 0; $6 < $1; $6++) { if ($6 == $4) continue; $2[$4 * $1 + $6] = $mix{$2[$4 * $1 + $6], $5}; } if ($4 & 1) $3[$4] = $5; } }\n",
        "int $k = 4 + (int)n / 12; $S_some($k, $x, $y); $S_some($k, $y, $z);",
    ),
    Template::new(
        "static void $S_within(int $1, $T *$2, const $T *$3) { for (int $4 = 1; $4 < $1; $4++) { if ($3[$4] > 4) { $T $5 = $mix{$2[$4 * $1], $3[$4]}; for (int $6 = 0; $6 < $1; $6++) $2[$4 * $1 + $6] = $mix{$2[$4 * $1 + $6], $5}; } } }\n",
        "int $k = 4 + (int)n / 12; $S_within($k, $x, $y); $S_within($k, $y, $z);",
    ),
    // Rows that need one another, by the number or by the last of them.
    Template::new(
        "static $T $S_next(int $1, $T *$2) { $T $3 = 1; for (int $4 = 0; $4 < $1; $4++) { $3 = $mix{$2[$4 * $1], $3}; for (int $5 = 0; $5 < $1; $5++) $2[$4 * $1 + $5] = $mix{$2[$4 * $1 + $5], $3}; } return $3; }\nstatic $T $S_last(int $1, $T *$2) { $T $3 = 1; for (int $4 = 0; $4 < $1; $4++) { $3 = $mix{$2[$4 * $1], $4}; for (int $5 = 0; $5 < $1; $5++) $2[$4 * $1 + $5] = $mix{$2[$4 * $1 + $5], $3}; } return $3; }\n",
        "int $k = 4 + (int)n / 12; $note{$S_next($k, $x)} $note{$S_last($k, $y)} $note{$S_last(0, $x)}",
    ),
    Template::new(
        "",
        "int $k = 4 + (int)n / 12; for (int $i = 1; $i < $k; $i++) { $T $s = $mix{$x[$i * $k], $x[($i - 1) * $k]}; for (int $j = 0; $j < $k; $j++) $x[$i * $k + $j] = $mix{$x[$i * $k + $j], $s}; } for (int $i = 1; $i < $k; $i++) { $T $s = $mix{$y[$i * $k], $y[$k - 1]}; for (int $j = 0; $j < $k; $j++) $y[$i * $k + $j] = $mix{$y[$i * $k + $j], $s}; }",
    ),
    // Rows that may be the last.
    Template::new(
        "",
        "int $k = 4 + (int)n / 12; for (int $i = 0; $i < $k; $i++) { $T $s = $mix{$x[$i * $k], 1}; if ($s == 5) break; for (int $j = 0; $j < $k; $j++) $x[$i * $k + $j] = $mix{$x[$i * $k + $j], $s}; } for (int $i = 0; $i < $k; $i++) { $T $s = $mix{$y[$i * $k], 1}; for (int $j = 0; $j < $k; $j++) { if ($y[$i * $k + $j] > 90) break; $y[$i * $k + $j] = $mix{$y[$i * $k + $j], $s}; } }",
    ),
    // Integers of which loops and subscripts are made, down and in steps.
    Template::new(
        "static void $S_bound(int $1, int $2, $T *$3, const $T *$4) { for (int $5 = $1 - 1; $5 >= 0; $5 -= 2) { int $6 = (int)$4[$5] & 7; for (int $7 = 0; $7 < $2; $7++) $3[$5 * $2 + $7] = $mix{$4[$6], $3[$5 * $2 + $7]}; } for (int $5 = 1; $5 < $1; $5 += 3) { int $6 = (int)$3[$5 * $2] & 3; for (int $7 = $6; $7 < $2; $7++) $3[$5 * $2 + $7] = $mix{$3[$5 * $2 + $7], $6}; } }\n",
        "int $k = 4 + (int)n / 12; $S_bound($k, $k, $x, $y); $S_bound(5, 2 * $k, $z, $x);",
    ),
    // A time loop around, whose rows become fewer.
    Template::new(
        "",
        "int $k = 4 + (int)n / 12; for (int $w = lo; $w < hi && $w < 4; $w++) for (int $i = ($w > 0 ? $w : 0); $i < $k; $i++) { $T $s = $mix{$x[$i * $k], $w}; for (int $j = 0; $j < $k; $j++) $x[$i * $k + $j] = $mix{$x[$i * $k + $j], $s}; $y[$i] = $s; }",
    ),
];
