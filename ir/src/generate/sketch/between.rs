//! Bounds on either side, and what a host does between regions.

use super::Template;

pub(super) const BOUNDS: &[Template] = &[
    Template::new("", "$region{$x, $y} $region{$y, $z}"),
    Template::new("", "$region{$x, $p} $region{p, q} $region{$z, $x}"),
    Template::new(
        "",
        "for (int $i = lo; $i < hi; $i++) $x[$i] = $mix{$x[$i], $y[$i]}; for (long $j = hi; $j < lo; $j++) $y[$j] = $mix{$y[$j], $j}; for (int $i = lo; $i != hi && $i < 40; $i++) $z[$i] = $mix{$x[$i], 1};",
    ),
    Template::new(
        "static void $S_range(int $1, int $2, $T *$3, const $T *$4) { for (int $5 = $1; $5 < $2; $5++) $3[$5] = $mix{$4[$5], $5}; }\n",
        "$S_range(lo, hi, $x, $y); $S_range(hi, lo, $y, $z); $S_range(-3, n, $z, $x); $S_range(lo, lo, $x, $y);",
    ),
    Template::new(
        "",
        "for (int $i = 0; $i < 4; $i++) for (int $j = lo; $j < hi; $j++) $x[$i * 4 + $j] = $mix{$y[$j], $i}; unsigned $s = n; for (unsigned $i = 1; $i < $s; $i++) $y[$i] = $mix{$z[$i - 1], $i};",
    ),
    Template::new(
        "",
        "long $s = 0; for (int $i = lo; $i < hi; $i++) $s += (long)$x[$i]; for (int $i = hi - 1; $i >= lo; $i--) if ((long)$y[$i] > $s) $s = (long)$y[$i]; $note{$s}",
    ),
    Template::new(
        "",
        "for (int $i = lo; $i < hi; $i++) { for (int $j = $i; $j < n; $j++) $z[$j] = $mix{$z[$j], $x[$i]}; } for (short $k = 0; $k < n; $k++) $x[$k] = $mix{$y[$k], $k};",
    ),
];

pub(super) const BETWEEN: &[Template] = &[
    Template::new(
        "",
        "$region{$x, $y} $note{$x[n / 2]} $region{$y, $x} $note{$y[0] + $x[1]}",
    ),
    Template::new(
        "",
        "$region{$x, $y} $x[n / 2] = $mix{$x[0], $c}; $x[1]++; $region{$y, $x}",
    ),
    Template::new(
        "",
        "$region{$p, $x} { $T *$w = p; p = q; q = $w; } $region{p, $z} q = p + 1; $region{q, p}",
    ),
    Template::new(
        "",
        "$region{$x, $y} memcpy($y, $x, n * sizeof *$y); $region{$y, $z} memset($x, 0, (n / 2) * sizeof *$x); $region{$z, $x} memmove($x, $x + 2, n * sizeof($T));",
    ),
    Template::new(
        "",
        "$region{$x, $y} if (r % 16 == 7) return r; $region{$y, $x} if ($x[1] == 3) return r + 1;",
    ),
    Template::new(
        "",
        "for (int $k = 0; $k < 3; $k++) { $region{$x, $y} if ($x[n / 2] > 40) return $k; if ($x[0] < 5) break; $region{$y, $x} }",
    ),
    Template::new(
        "",
        "if (n > 20) { $region{$x, $y} } else if (lo > 3) { $region{$y, $x} } else $x[0] = 1; $region{$z, $x}",
    ),
    Template::new(
        "",
        "switch (n & 3) { case 0: $region{$x, $y} break; case 1: $x[0] = 2; /* falls through */ case 2: $region{$y, $x} break; default: { $region{$z, $x} $note{$z[0]} } } $region{$x, $z}",
    ),
    Template::new(
        "",
        "if (n < 5) goto $S_end; $region{$x, $y} if (hi < lo) goto $S_end; $region{$y, $x} $S_end:;",
    ),
    Template::new(
        "",
        "$T *$w = $x + 3; $region{$x, $y} *$w = $mix{*$w, 1}; $w[1] += 2; $region{$y, $x} *($w - 1) = 0; $region{$z, $x}",
    ),
    Template::new(
        "static int $S_order(const void *u, const void *v) { const $T a = *(const $T *)u, b = *(const $T *)v; return (a > b) - (a < b); }\n",
        "$region{$x, $y} qsort($x, 16, sizeof *$x, $S_order); $region{$y, $x} { const $T $w = $y[2]; const $T *$s = ($T *)bsearch(&$w, $x, 16, sizeof $w, $S_order); $note{$s ? $s - $x : -1} }",
    ),
    Template::new(
        "",
        "$region{$x, $y} { char $w[32]; snprintf($w, sizeof $w, \"%ld\", (long)$x[1]); $note{strlen($w)} $note{atoi($w)} } $region{$y, $x}",
    ),
    Template::new(
        "",
        "long $k = 0; do { $region{$x, $y} $k++; } while ($k < 3 && $x[0] < 60); while ($k > 0) { $k--; if ($x[$k] < 0) continue; $region{$y, $x} } $note{$k}",
    ),
    Template::new(
        "",
        "$T *$w = n > 9 ? $x : $y; $region{$x, $z} $w[2] = 3; $region{$w, $z} $note{$w[2]}",
    ),
    Template::new(
        "static int $S_calls;\n",
        "$S_calls++; $region{$x, $y} $note{$S_calls} static $T $s[20]; for (int $i = 0; $i < 20; $i++) $s[$i] = $mix{$s[$i], $x[$i]}; $note{$s[$c]}",
    ),
    Template::new(
        "typedef void (*$S_action)($T *, int);\nstatic void $S_up($T *$1, int $2) { for (int $3 = 0; $3 < $2; $3++) $1[$3] = $mix{$1[$3], 1}; }\nstatic void $S_down($T *$4, int $5) { for (int $6 = $5 - 1; $6 >= 0; $6--) $4[$6] = $mix{$4[$6], 2}; }\nstatic $S_action const $S_actions[2] = {$S_up, $S_down};\n",
        "for (int $k = 0; $k < 2; $k++) { $S_actions[$k]($x, (int)n); $region{$x, $y} } $S_action $w = lo < hi ? $S_up : $S_down; (*$w)($y, (int)n);",
    ),
];
