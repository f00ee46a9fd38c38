//! Restricted views of one object, and arguments that overlap as C allows.

use super::Template;

pub(super) const VIEWS: &[Template] = &[
    // Parts that lie between one another.
    Template::new(
        "static void $S_parts(int $1, $T *restrict $2, $T *restrict $3) { for (int $4 = 0; $4 < $1; $4++) { $2[2 * $4] = $mix{$2[2 * $4], $3[2 * $4]}; $3[2 * $4] = $mix{$3[2 * $4], $4}; } }\n",
        "$S_parts(n, $x, $x + 1); $S_parts(n / 2, $x + 3, $x);",
    ),
    Template::new(
        "void $S_parts(int n, $T *restrict re, const $T *restrict im) { for (int i = 0; i < n; i++) re[2 * i] = $mix{re[2 * i], im[2 * i]}; }\n",
        "$S_parts(n, $x, $x + 1); $region{$y, $x} $S_parts(n, $y + 1, $y);",
    ),
    Template::new(
        "void $S_rows(int n, int m, $T *restrict u, $T *restrict v) { for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) { u[i * 2 * m + j] = $mix{u[i * 2 * m + j], i}; v[i * 2 * m + j] = $mix{v[i * 2 * m + j], j}; } }\n",
        "$S_rows((int)n / 4, 4, $x, $x + 4); $S_rows((int)n / 6, 3, $y + 3, $y);",
    ),
    // Halves and windows.
    Template::new(
        "static void $S_half(int $1, $T *restrict $2, const $T *restrict $3) { for (int $4 = 0; $4 < $1; $4++) $2[$4] = $mix{$3[$4], $2[$4]}; }\n",
        "$S_half(n, $x, $x + n); $S_half(n / 2, $x + n / 2, $x); $S_half(n, $y + n + 1, $x);",
    ),
    Template::new(
        "void $S_window(int n, $T *restrict out, const $T *restrict in) { for (int i = 2; i < n; i++) out[i] = $mix{in[i], in[i - 2]}; }\n",
        "for (int $k = 0; $k < 3; $k++) $S_window(n, $x + $k, $y - $k); $S_window(5, $x, $x + 5);",
    ),
    // Pointers without a promise.
    Template::new(
        "static void $S_shift(int $1, $T *$2, const $T *$3) { for (int $4 = 0; $4 < $1; $4++) $2[$4] = $mix{$3[$4], $4}; }\n",
        "$S_shift(n, $x, $x + 1); $S_shift(n, $x + 1, $x); $S_shift(n, $x, $x); $S_shift(n, p, q);",
    ),
    Template::new(
        "void $S_three(int n, $T *u, $T *v, $T *w) { for (int i = 0; i < n; i++) { u[i] = $mix{v[i], 1}; w[i] = $mix{u[i], v[i + 1]}; } }\n",
        "$S_three(n, $x, $x, $y); $S_three(n, $x, $y, $x + n); $S_three(n, p, q, $z); $S_three(n / 2, $x, $x + 2, $x + 1);",
    ),
    Template::new(
        "long $S_read(int n, const $T *restrict u, const $T *restrict v, $T *restrict w) { long s = 0; for (int i = 0; i < n; i++) { w[i] = $mix{u[i], v[n - 1 - i]}; s += (long)u[i]; } return s; }\n",
        "$note{$S_read((int)n, $x, $x, $y)} $note{$S_read((int)n, $y, $y + 1, $z)}",
    ),
    Template::new(
        "struct $S_cell { $T u, v; };\nvoid $S_cells(int n, struct $S_cell *s) { $T *restrict f = &s->u; $T *restrict g = &s->v; for (int i = 0; i < n; i++) { f[2 * i] = $mix{f[2 * i], 1}; g[2 * i] = $mix{g[2 * i], i}; } }\n",
        "$S_cells((int)n / 2, (struct $S_cell *)$x); $region{$y, $x}",
    ),
    Template::new(
        "",
        "$T *restrict $w = $x; for (int $i = 0; $i < n; $i++) $w[2 * $i] = $mix{$y[$i], $i}; { $T *$s = $x + 1; for (int $i = 0; $i < n; $i++) $s[2 * $i] = $mix{$z[$i], $i}; }",
    ),
    // Rows that hold shorter ones, with and without room, that overlap, or that are the shorter ones themselves.
    Template::new(
        "static void $S_packed(int rows, int m, int w, int pitch, int step, $T *to, const $T *from) { for (int i = 0; i < rows; i++) for (int h = 0; h < m; h++) for (int j = 0; j < w; j++) to[i * pitch + h * step + j] = $mix{from[i * pitch + h * step + j], h}; }\n",
        "int $k = (int)n / 6 * 2, $j = $k / 2; $S_packed(2, 2, $j, $k, $j, $y, $x); $S_packed(2, 2, $j - 1, $k, $j, $y, $y); $S_packed(2, 3, $j, $k, $j, $x, $y); $S_packed(2, 3, $j - 1, $j, $k - 1, $y, $x); $S_packed(3, 2, $j, 0, $j, $x, $y); $S_packed(2, 2, $j, $k, $j, $x + 1, $x); $S_packed(3, 2, $j, -$j, $j, $y + $k, $x + $k);",
    ),
    Template::new(
        "static void $S_thirds(int rows, int m, int w, int c, int step, int pitch, $T *to) { for (int i = 0; i < rows; i++) for (int h = 0; h < m; h++) for (int j = 0; j < w; j++) { $T *part = to + i * pitch + h * step + c; part[j] = $mix{part[j], to[i * pitch + h * step + j]}; } }\n",
        "int $k = (int)n / 12; $S_thirds(2, 2, $k, 2 * $k, $k, 4 * $k, $x); $S_thirds(2, 2, $k, 2 * $k, $k + 1, 4 * $k, $x); $S_thirds(2, 2, $k, $k, $k, 4 * $k, $y); $S_thirds(2, 1, $k, 2 * $k, 0, 3 * $k, $y); $S_thirds(3, 2, $k, 0, $k, 2 * $k, $y); $S_thirds(2, 2, $k, 4 * $k, $k, 2 * $k, $x);",
    ),
    // Pointers that are set in several places, and null.
    Template::new(
        "static void $S_nearest(int n, const $T *of, int m, $T *to) { for (int i = 0; i < n; i++) { const $T *best = 0; for (int k = 0; k < m; k++) if (of[k] > i && (!best || *best > of[k])) best = of + k; to[i] = best ? $mix{*best, i} : $mix{to[i], 3}; } }\n",
        "$S_nearest(5, $x, (int)n / 2, $y); $S_nearest(4, $y, 0, $x); $S_nearest(3, $x + 1, 4, $x); $S_nearest(0, 0, 3, 0);",
    ),
    Template::new(
        "static void $S_either(int n, int m, $T *a, $T *b) { for (int i = 0; i < n; i++) { $T *p = a + i, *q; if (i & 1) p = &a[n - 1 - i]; if (i < m) q = b + i; else q = b; q[0] = $mix{*p, q[i < m ? 0 : 1]}; if (i == m) p = q; if (p != q) a[i] = $mix{*p, i}; } }\n",
        "int $k = (int)n / 2; $S_either($k, $k - 2, $x, $y); $S_either(5, 0, $y, $x); $S_either($k - 1, 3, $x, $x + $k);",
    ),
];
