//! Pointers in structures and in arrays of pointers, by which loops reach what they work on.

use super::Template;

const VECTOR: &str = "struct $S_vec { int n; $T *data; };\n\
    static void $S_add(struct $S_vec *$1, const struct $S_vec *$2) { for (int $3 = 0; $3 < $1->n; $3++) $1->data[$3] = $mix{$1->data[$3], $2->data[$3]}; }\n";

pub(super) const STRUCTURES: &[Template] = &[
    // The pointers change places, lead to the same, or overlap.
    Template::new(
        VECTOR,
        "struct $S_vec $w = {(int)n, $x}, $s = {(int)n, $y}; for (int $k = 0; $k < 3; $k++) { $S_add(&$w, &$s); if ($k == 1) { $T *$j = $w.data; $w.data = $s.data; $s.data = $j; } } $note{$w.data[1]}",
    ),
    Template::new(
        VECTOR,
        "struct $S_vec $w = {(int)n, $x}, $s = {(int)n, $x + 1}; $S_add(&$w, &$s); $S_add(&$s, &$w); $S_add(&$w, &$w); $s.data = $x + n; $S_add(&$w, &$s); $w.n = (int)n / 2; $S_add(&$s, &$w);",
    ),
    Template::new(
        VECTOR,
        "struct $S_vec $w = {(int)n, $x}; struct $S_vec $s = {(int)n, $z}; for (int $k = 0; $k < 3; $k++) { for (int $i = 0; $i < $w.n; $i++) $w.data[$i] = $mix{$w.data[$i], $i}; for (int $i = 1; $i < $s.n; $i++) $s.data[$i] = $mix{$w.data[$i - 1], $k}; $w.data[$k] = 3; if ($k == 1) $w.n = $w.n / 2; if ($k == 0) $s.data = $y; } $note{$s.data[2]}",
    ),
    // What is written may be the bound.
    Template::new(
        "struct $S_self { long *data; long n, own[40]; };\nstatic void $S_put(struct $S_self *$1) { for (int $2 = 0; $2 < $1->n; $2++) $1->data[$2] = $2 + 3; }\n",
        "struct $S_self $w; memset(&$w, 0, sizeof $w); $w.n = n % 40; $w.data = $w.own; $S_put(&$w); $note{$w.own[$c]} $w.n = 9; $w.data = &$w.n; $S_put(&$w); $note{$w.n + $w.own[2]}",
    ),
    // A structure or a table of one's own leads to what is written.
    Template::new(
        "struct $S_count { long *of; };\nstatic void $S_value(struct $S_count $1, long *$2) { for (int $3 = 0; $3 < *$1.of; $3++) $2[$3] = 5 + $3 % 9; }\nstatic void $S_table(struct $S_count *$1, long *$2) { struct $S_count *$3[2] = {$1, $1}; for (int $4 = 0; $4 < *$3[1]->of; $4++) $2[$4] = $3[0]->of[$4 / 2] + $4; }\n",
        "long $w[60]; for (int $k = 0; $k < 60; $k++) $w[$k] = n % 40 + $k % 3; struct $S_count $s = {&$w[$c]}; $S_value($s, $w); $note{$w[30]} $w[$c] = n % 30 + 8; $S_table(&$s, $w + 2); $note{$w[7] + $w[40]} struct $S_count $j = $s; $w[$c] = 50; for (int $i = 0; $i < *$j.of; $i++) $w[$i] = $i % 4 + 6; $note{$w[20]}",
    ),
    // The loop says itself how far it goes.
    Template::new(
        "struct $S_vec { $T *data; };\nvoid $S_each(int n, const int *m, struct $S_vec *v) { int k = 7; for (int i = 0; i < n; i++) { k = m[i]; for (int j = 0; j < k; j++) v->data[j] = $mix{v->data[j], i}; } }\nvoid $S_last(int n, int m, struct $S_vec *v, $T *a) { int k = 4; for (int i = 0; i < n; i++) { for (int j = 0; j < k; j++) a[i] = $mix{a[i], v->data[j]}; k = m; } }\n",
        "struct $S_vec $w = {$x}; int $s[8] = {0}; $S_each(8, $s, 0); $S_last(0, 3, 0, $y); for (int $i = 0; $i < 8; $i++) $s[$i] = (int)n - 3 * $i; $S_each(8, $s, &$w); $S_last((int)n, 3, &$w, $y);",
    ),
    // Nothing is there where nothing runs.
    Template::new(
        "struct $S_vec { $T *data; };\nvoid $S_line(int n, struct $S_vec *v) { for (int i = 0; i < n; i++) v->data[i] = $mix{v->data[i], i}; }\nvoid $S_plane(int n, int m, struct $S_vec *v, const struct $S_vec *w) { for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) v->data[i * m + j] = $mix{v->data[i * m + j], w->data[j]}; }\n",
        "struct $S_vec $w = {$x}, $s = {$y}; $S_line(0, 0); $S_line((int)lo - 40, 0); $S_plane(4, 0, 0, 0); $S_plane(0, 4, 0, 0); $S_plane(-1, 3, &$w, 0); $S_line((int)n, &$w); $S_plane(4, (int)n / 4, &$s, &$w); $S_plane((int)n / 8, 5, &$w, &$s);",
    ),
    Template::new(
        "struct $S_vec { $T *data; };\nvoid $S_some(int n, int m, struct $S_vec *v) { for (int i = 0; i < n; i++) { if (i > m) break; v->data[i] = $mix{v->data[i], i}; } for (int i = 0; i < n; i++) if (i < m) v->data[i] = $mix{v->data[i], m}; }\n",
        "struct $S_vec $w = {$x}; $S_some(0, 5, 0); $S_some((int)n, -1, &$w); $S_some((int)n, 9, &$w);",
    ),
    // Rows.
    Template::new(
        "static void $S_rows(int $1, int $2, $T **$3, $T *const *$4) { for (int $5 = 0; $5 < $1; $5++) for (int $6 = 0; $6 < $2; $6++) $3[$5][$6] = $mix{$3[$5][$6], $4[$5][$6]}; }\n",
        "$T *$w[3] = {$x, $y, $z}, *$s[3] = {$y, $y + 2, $x}; $S_rows(3, (int)n, $w, $s); $S_rows(2, (int)n / 2, $s, $w); $w[1] = $x + 3; $S_rows(3, (int)n, $w, $w);",
    ),
    Template::new(
        "struct $S_grid { int w, h; $T *cells; };\nstruct $S_pair { struct $S_grid *from, *to; };\nstatic void $S_step(struct $S_pair *$1) { for (int $2 = 1; $2 < $1->from->h - 1; $2++) for (int $3 = 1; $3 < $1->from->w - 1; $3++) $1->to->cells[$2 * $1->to->w + $3] = $mix{$1->from->cells[($2 - 1) * $1->from->w + $3], $1->from->cells[$2 * $1->from->w + $3 - 1]}; }\n",
        "struct $S_grid $w = {9, (int)n / 9, $x}, $s = {9, (int)n / 9, $y}; struct $S_pair $j = {&$w, &$s}; for (int $k = 0; $k < 3; $k++) { $S_step(&$j); struct $S_grid *$i = $j.from; $j.from = $j.to; $j.to = $i; } $note{$y[10]}",
    ),
    // Memory that goes and comes.
    Template::new(
        VECTOR,
        "struct $S_vec *$w = (struct $S_vec *)malloc(sizeof *$w), $s = {(int)n, $y}; $w->n = (int)n; $w->data = ($T *)calloc(n + 1, sizeof($T)); $S_add($w, &$s); $w->data = ($T *)realloc($w->data, (n + 100) * sizeof($T)); $S_add($w, &$s); $S_add(&$s, $w); free($w->data); $w->data = $x; $S_add($w, &$s); free($w);",
    ),
    Template::new(
        "static struct { int n; $T *first, *second; double by; } $S_all;\nstatic void $S_turn(void) { for (int $1 = 0; $1 < $S_all.n; $1++) $S_all.first[$1] = $mix{$S_all.second[$1], $S_all.first[$1]}; }\n",
        "$S_all.n = (int)n; $S_all.first = $x; $S_all.second = $y; for (int $k = 0; $k < 3; $k++) { $S_turn(); $T *$w = $S_all.first; $S_all.first = $S_all.second; $S_all.second = $w; $S_all.n -= $k; } $S_all.second = $S_all.first; $S_turn();",
    ),
];
