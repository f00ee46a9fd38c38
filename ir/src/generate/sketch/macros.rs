//! Macros that stand for bounds, loops, elements, declarations and functions.

use super::Template;

pub(super) const MACROS: &[Template] = &[
    Template::new(
        "#define $S_N 2$c\n#define $S_M ($S_N + $c)\n",
        "for (int $i = 0; $i < $S_N; $i++) $x[$i] = $mix{$y[$i], $S_M}; for (int $i = $S_N - 1; $i >= 0; $i--) $y[$i] = $mix{$x[$i], $z[$S_M - $i]};",
    ),
    Template::new(
        "#if defined __STDC_VERSION__ && __STDC_VERSION__ >= 201112L && !defined __STRICT_ANSI__\n#define $S_SINCE 11\n#elif __STDC_VERSION__ + 0 >= 199901L\n#define $S_SINCE 9\n#else\n#define $S_SINCE 1\n#endif\n",
        "$note{$S_SINCE} for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$y[$i], $S_SINCE};",
    ),
    Template::new(
        "#define $S_FOR(i, n) for (int i = 0; i < (n); i++)\n",
        "$S_FOR($i, n) $x[$i] = $mix{$y[$i], $i}; $S_FOR($j, 3) $S_FOR($i, n) $y[$i] = $mix{$y[$i], $j};",
    ),
    Template::new(
        "#define $S_AT(x, i) (x)[(i) + 1]\n#define $S_MIX(u, v) $mix{(u), (v)}\n",
        "for (int $i = 0; $i < n; $i++) $S_AT($x, $i) = $S_MIX($S_AT($y, $i), $S_AT($x, $i)); $note{$S_AT($x, n / 2)}",
    ),
    Template::new(
        "#define $S_LET(T, v, e) T v = (e)\n#define $S_REAL $T\n#define $S_INT int\n",
        "$S_LET($S_INT, $s, (int)n / 2); for ($S_INT $i = 0; $i < $s; $i++) { $S_LET($S_REAL, $w, $y[$i]); $x[$i] = $mix{$w, $s}; } $S_REAL $k = $x[0]; $note{$k}",
    ),
    Template::new(
        "#define $S_MAKE(name, by) static void name(int n, $T *x, const $T *y) { for (int i = 0; i < n; i++) x[i] = $mix{y[i], i + by}; }\n$S_MAKE($S_f, 1) $S_MAKE($S_g, 2)\n",
        "$S_f(n, $x, $y); $S_g(n, $y, $z); $S_f(n, $z, $x);",
    ),
    Template::new(
        "#define $S_N 1$c\n#if $S_N > 14\nstatic int $S_least(int $1) { return $1 < $S_N ? $1 : $S_N; }\n#else\nstatic int $S_least(int $1) { int $2 = $S_N; return $1 > $2 ? $2 : $1; }\n#endif\n",
        "for (int $i = 0; $i < $S_least(n); $i++) $x[$i] = $mix{$y[$i], $S_N};",
    ),
    Template::new(
        "#define $S_ROWS 4\n#define $S_COLUMNS 8\ntypedef $T $S_matrix[$S_ROWS][$S_COLUMNS];\nstatic $S_matrix $S_m;\n",
        "for (int $i = 0; $i < $S_ROWS; $i++) for (int $j = 0; $j < $S_COLUMNS; $j++) $S_m[$i][$j] = $mix{$x[$i * $S_COLUMNS + $j], $i}; for (int $j = 0; $j < $S_COLUMNS; $j++) { $T $s = 0; for (int $i = 0; $i < $S_ROWS; $i++) $s = $mix{$s, $S_m[$i][$j]}; $y[$j] = $s; }",
    ),
    Template::new(
        "#define $S_SWAP(T, u, v) do { T o = u; u = v; v = o; } while (0)\n",
        "for (int $i = 0; $i < n; $i++) if ($x[$i] > $y[$i]) $S_SWAP($T, $x[$i], $y[$i]); $S_SWAP($T *, p, q); for (int $i = 0; $i < n; $i++) p[$i] = $mix{$z[$i], $i};",
    ),
    Template::new(
        "#define $S_BODY(k) $x[$i + k] = $mix{$y[$i + k], k}; $note{k}\n#define $S_EMPTY\n",
        "for (int $i = 0; $i < 20 $S_EMPTY; $i += 4) { $S_BODY(0) $S_BODY(1) } for (int $i = 0; $i < n; $i += 2) { $x[$i] = $mix{$z[$i], 1}; $S_EMPTY; $x[$i + 1] = $mix{$z[$i + 1], 2}; }",
    ),
    Template::new(
        "enum { $S_FIRST = 2, $S_LAST = 2$c };\n#define $S_COUNT ($S_LAST - $S_FIRST)\nstatic const int $S_steps = 3;\n",
        "for (int $i = $S_FIRST; $i < $S_LAST; $i++) $x[$i] = $mix{$y[$i], $S_COUNT}; for (int $k = 0; $k < $S_steps; $k++) for (int $i = 0; $i < $S_COUNT; $i++) $y[$i] = $mix{$y[$i], $k};",
    ),
];
