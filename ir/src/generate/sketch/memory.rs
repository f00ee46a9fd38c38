//! Memory that dies early, with or without a declaration that says so.

use super::Template;

pub(super) const SHORT_LIVED: &[Template] = &[
    Template::new(
        "static long $S_rough(int $1, const $T *$2) { $T *$3 = ($T *)alloca(($1 + 1) * sizeof($T)); for (int $4 = 0; $4 < $1; $4++) $3[$4] = $mix{$2[$4], $4}; long $5 = 0; for (int $4 = 0; $4 < $1; $4++) $5 += (long)$3[$4]; return $5; }\nstatic long $S_stack(int $1) { volatile long $2[64]; for (int $3 = 0; $3 < 64; $3++) $2[$3] = $1 + $3; return $2[$1 & 63]; }\n",
        "for (int $k = 0; $k < 3; $k++) { $note{$S_rough((int)n, $x)} $region{$x, $y} $note{$S_stack($k)} }",
    ),
    Template::new(
        "static __attribute__((noinline)) void $S_via(int $1, $T *$2) { $T *$3 = ($T *)alloca(($1 + 2) * sizeof($T)); for (int $4 = 0; $4 < $1; $4++) $3[$4] = $mix{$2[$4], 1}; for (int $4 = 0; $4 < $1; $4++) $2[$4] = $mix{$3[$4], $4}; }\n",
        "for (int $k = 0; $k < 3; $k++) { $S_via((int)n, $x); $S_via((int)n / 2, $y); $x[$k] = $mix{$x[$k], $y[$k]}; }",
    ),
    Template::new(
        "",
        "$T *$w = ($T *)alloca((n + 1) * sizeof($T)); for (int $i = 0; $i < n; $i++) $w[$i] = $mix{$x[$i], $i}; for (int $i = 0; $i < n; $i++) $y[$i] = $mix{$w[$i], $x[$i]};",
    ),
    Template::new(
        "",
        "for (int $k = 0; $k < 3; $k++) { $T $w[n + 1]; for (int $i = 0; $i < n; $i++) $w[$i] = $mix{$x[$i], $k}; for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$w[$i], $y[$i]}; $w[n] = $x[0]; $note{$w[n]} }",
    ),
    Template::new(
        "",
        "{ $T $w[n + 2]; for (int $i = 0; $i < n; $i++) $w[$i] = $mix{$x[$i], $i}; $note{n > 0 ? $w[0] : 0} for (int $i = 0; $i < n; $i++) $x[$i] = $w[$i]; } { $T $s[40]; for (int $i = 0; $i < 40; $i++) $s[$i] = $mix{$y[$i], $i}; for (int $i = 0; $i < 40; $i++) $z[$i] = $s[39 - $i]; }",
    ),
    Template::new(
        "",
        "$T *$w = ($T[8]){1, 2, 3, $c}; for (int $i = 0; $i < 8; $i++) $x[$i] = $mix{$w[$i], $x[$i]}; for (int $i = 0; $i < 8; $i++) $w[$i] = $mix{$y[$i], $i}; $note{$w[$c & 7]}",
    ),
    Template::new(
        "static void $S_work(int $1, $T *$2) { $T *$3 = ($T *)malloc(($1 + 1) * sizeof($T)); for (int $4 = 0; $4 < $1; $4++) $3[$4] = $mix{$2[$4], $4}; for (int $4 = 1; $4 < $1; $4++) $2[$4] = $mix{$3[$4 - 1], $3[$4]}; free($3); }\n",
        "for (int $k = 0; $k < 3; $k++) { $S_work((int)n, $x); $S_work((int)n / 2, $y); }",
    ),
    Template::new(
        "",
        "$T *$w = ($T *)malloc((n + 1) * sizeof($T)); for (int $i = 0; $i < n; $i++) $w[$i] = $mix{$x[$i], $i}; $w = ($T *)realloc($w, (2 * n + 1) * sizeof($T)); for (int $i = 0; $i < n; $i++) $w[n + $i] = $mix{$w[$i], 1}; for (int $i = 0; $i < 2 * n; $i++) $x[$i] = $mix{$w[$i], $y[$i]}; free($w);",
    ),
    Template::new(
        "",
        "for (int $k = 0; $k < 3; $k++) { $T *$w = ($T *)calloc(n + 1, sizeof($T)); $T *$s = $w; for (int $i = 0; $i < n; $i++) $w[$i] = $mix{$w[$i], $x[$i]}; for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$w[$i], $k}; free($s); }",
    ),
    Template::new(
        "struct $S_box { $T *at; int n; };\nstatic struct $S_box $S_open(int $1) { struct $S_box $2; $2.at = ($T *)malloc(($1 + 1) * sizeof($T)); $2.n = $1; for (int $3 = 0; $3 < $1; $3++) $2.at[$3] = ($T)($3 & 15); return $2; }\nstatic void $S_close(struct $S_box *$1) { free($1->at); $1->at = 0; }\n",
        "for (int $k = 0; $k < 2; $k++) { struct $S_box $w = $S_open((int)n); for (int $i = 0; $i < $w.n; $i++) $w.at[$i] = $mix{$w.at[$i], $x[$i]}; for (int $i = 0; $i < $w.n; $i++) $x[$i] = $w.at[$i]; $S_close(&$w); }",
    ),
];
