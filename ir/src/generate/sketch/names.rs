//! Helpers whose locals are called like what surrounds their calls, and helpers that are called again and again.

use super::Template;

/// Names that collide and names that shadow.
pub(super) const NAMES: &[Template] = &[
    Template::new(
        "static long $S_most(int $1, const $T *$2) { long $3 = 0; for (int $4 = 0; $4 < $1; $4++) $3 = $3 > (long)$2[$4] ? $3 : (long)$2[$4]; return $3; }\n",
        "long $s = 0; for (int $k = 0; $k < 3; $k++) { for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$x[$i], $y[$i]}; $s += $S_most(n, $x) / 2; } $note{$s}",
    ),
    Template::new(
        "static void $S_add(int $1, $T *$2, const $T *$3) { $T $4 = $3[0]; for (int $5 = 1; $5 < $1; $5++) { $T $6 = $3[$5]; $2[$5] = $mix{$6, $4}; } }\n",
        "$S_add(n, $x, $y); $S_add(n, $y, $z); $S_add(n + 3, $x, $y);",
    ),
    Template::new(
        "static $T $S_at(const $T *$1, int $2) { $T $3 = $1[$2]; { $T $4 = $1[$2 + 1]; $3 = $mix{$3, $4}; } return $3; }\n",
        "for (int $i = 0; $i < n; $i++) { $T $s = $S_at($y, $i); { $T $w = $S_at($z, $i); $x[$i] = $mix{$s, $w}; } }",
    ),
    Template::new(
        "",
        "int $s = (int)n / 2; { int n = $s; $region{$x, $y} } $region{$y, $z} { long lo = 1, hi = $s; $region{$z, $y} }",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < n; $i++) { $T $z = $x[$i]; $T $s = $z; for (int $j = 0; $j < 3; $j++) { $T $z = $mix{$s, $j}; $s = $z; } $y[$i] = $mix{$z, $s}; }",
    ),
    Template::new(
        "static long $S_in(long $1) { long $2 = $1 % 7; return $2 * 2; }\nstatic long $S_out(int $3, const $T *$4) { long $5 = 0; for (int $6 = 0; $6 < $3; $6++) $5 += $S_in((long)$4[$6]); return $5; }\n",
        "long $s = $S_out(n, $x); $region{$x, $y} $s += $S_out(n, $x) + $S_out(n, $y); $note{$s}",
    ),
    Template {
        file: "#define $s(x) ((x) + 1)\n#define $i(x) ((x) + 2)\n",
        other: "",
        body: "int $s = (int)n / 2; for (int $i = 0; $i < $s; $i++) $x[$i] = $mix{$y[$i], $i(1)}; $note{$s + $s(3)}",
        tail: "#undef $s\n#undef $i\n",
    },
    Template {
        file: "#define blocks 7\n#define threads 1\nstatic long $S_sum(int $1, const $T *$2) { long $3 = 0; for (int $4 = blocks - 7; $4 < $1; $4 += threads) $3 += (long)$2[$4]; return $3; }\n",
        other: "",
        body: "for (int $i = 0; $i < n + blocks; $i++) $x[$i] = $mix{$y[$i], blocks}; $note{$S_sum(n, $x)}",
        tail: "#undef blocks\n#undef threads\n",
    },
];

/// Helpers called several times: in time loops, as conditions, inside sums.
pub(super) const REPEATED: &[Template] = &[
    Template::new(
        "static int $S_is(const $T *$1, int $2) { int $3 = 0; for (int $4 = 0; $4 < $2; $4++) $3 += $1[$4] > 3; return $3 > $2 / 4; }\n",
        "for (int $k = 0; $k < 3; $k++) { if ($S_is($x, n)) { $region{$x, $y} } else { $region{$y, $x} } } $note{$S_is($x, n) + $S_is($y, n)}",
    ),
    Template::new(
        "static $T $S_f($T $1, int $2) { $T $3 = $1; for (int $4 = 0; $4 < 2; $4++) $3 = $mix{$3, $2}; return $3; }\n",
        "long $s = 0; for (int $i = 0; $i < n; $i++) $s += (long)$S_f($x[$i], $i) + (long)$S_f($y[$i], 2); $note{$s}",
    ),
    Template::new(
        "static long $S_dot(int $1, const $T *$2, const $T *$3) { long $4 = 0; for (int $5 = 0; $5 < $1; $5++) $4 += (long)$2[$5] * (long)$3[$5] % 97; return $4; }\n",
        "for (int $k = 0; $k < 2; $k++) { long $s = $S_dot(n, $x, $y); long $w = $S_dot(n, $y, $z); $region{$x, $z} $note{$s - $w} }",
    ),
    Template::new(
        "static int $S_size(int $1) { int $2 = $1 / 2; return $2 + 1; }\n",
        "for (int $i = 0; $i < $S_size(n); $i++) $x[$i] = $mix{$y[$i], $S_size($i)}; for (int $i = $S_size(n) - 1; $i >= 0; $i--) $y[$i] = $mix{$z[$i], $i};",
    ),
    Template::new(
        "static long $S_mod(long $1, long $2) { long $3 = $1 % $2; return $3 < 0 ? $3 + $2 : $3; }\n",
        "int $w[48]; for (int $i = 0; $i < 48; $i++) $w[$i] = (int)$S_mod($i * 7, 48); for (int $i = 0; $i < 48; $i++) $x[$w[$i]] = $mix{$y[$i], $S_mod($i, 5)};",
    ),
    Template::new(
        "static long $S_win(const $T *$1, int $2) { $T $3[4]; for (int $4 = 0; $4 < 4; $4++) $3[$4] = $1[$2 + $4]; long $5 = 0; for (int $4 = 0; $4 < 4; $4++) $5 += (long)$3[$4]; return $5; }\n",
        "for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$y[$i], $S_win($z, $i)}; $note{$S_win($x, 0) + $S_win($x, 1)}",
    ),
    Template::new(
        "static void $S_step(int $1, $T *$2, $T *$3) { for (int $4 = 1; $4 < $1; $4++) { $T $5 = $3[$4 - 1]; $2[$4] = $mix{$5, $3[$4 + 1]}; } }\n",
        "for (int $k = 0; $k < 1 + (hi > 2); $k++) { $S_step(n, $x, $y); $S_step(n, $y, $x); } for (int $k = 0; $k < 2; $k++) { $S_step(n, p, $y); { $T *$w = p; p = q; q = $w; } }",
    ),
    Template::new(
        "static $T $S_clip($T $1) { if ($1 > 50) { $T $2 = 50; return $2; } return $1; }\nstatic $T $S_both($T $3, $T $4) { $T $5 = $S_clip($3); $T $6 = $S_clip($4); return $mix{$5, $6}; }\n",
        "for (int $i = 0; $i < n; $i++) $x[$i] = $S_both($S_both($y[$i], $z[$i]), $S_clip($x[$i]));",
    ),
];
