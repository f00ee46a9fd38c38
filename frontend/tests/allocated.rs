//! Which pointers of whole programs lead to the start of a block alone.
#![expect(
    clippy::unwrap_used,
    reason = "tests stop where a program cannot be read"
)]

use std::collections::BTreeSet;

use mupac_frontend::{Input, Options, parse};

/// What the programs begin with.
const BEFORE: &str = "#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n\
     #include <string.h>\nstruct s { int *a; int *b; int n; };\nstruct o { int *x; int n; };\n";

/// Returns the variables and members of a program that lead to blocks, by name, without `p` and `n` of helpers.
fn found(program: &str) -> BTreeSet<String> {
    let input = Input {
        name: "input.c".to_owned(),
        text: (BEFORE.to_owned() + program).into_bytes(),
        parts: Vec::new(),
    };
    let module = parse(&input, &Options::default()).unwrap().module;
    let functions = module.functions.iter();
    let vars = functions.flat_map(|(_, function)| function.vars.iter());
    let vars = vars.filter(|(_, var)| var.leads_to_block);
    let vars = vars.map(|(_, var)| var.spelling.clone());
    let fields = module.records.iter();
    let fields =
        fields.flat_map(|(_, record)| record.fields.iter().map(move |field| (record, field)));
    let fields = fields.filter(|(_, field)| field.leads_to_block);
    let fields = fields.map(|(record, field)| format!("{}.{}", record.name, field.name));
    vars.chain(fields).collect()
}

#[track_caller]
fn assert_found(program: &str, expected: &str) {
    let found: Vec<_> = found(program).into_iter().collect();
    assert_eq!(found.join(" "), expected, "{program}");
}

#[test]
fn results_of_allocators_go_through_variables_members_parameters_and_results() {
    assert_found(
        "static void *get(size_t n) { void *q = malloc(n); if (!q) abort(); return q; }\n\
         static int sum(const int *c, int n) { int t = 0; for (int i = 0; i < n; i++) t += c[i]; return t; }\n\
         int main(void) { struct s v = {get(8), NULL, 2}; int *d = v.a; v.b = calloc(2, 4); v.b = realloc(v.b, 80);\n\
         return sum(d, 2) + sum(v.n ? v.b : d, 2); }",
        "c d q struct s.a struct s.b",
    );
    assert_found(
        "int main(void) { int *d; if (posix_memalign((void **)&d, 64, 80)) return 1; struct s v = {.b = d, .a = 0};\n\
         struct s w = v; memset(&v, 0, sizeof v); memcpy(&w, &v, sizeof w); return w.b[0]; }",
        "d struct s.a struct s.b",
    );
}

#[test]
fn what_moves_or_comes_from_elsewhere_does_not() {
    assert_found(
        "int g[4]; int main(void) { int *d = malloc(8); d = g; return d[0]; }",
        "",
    );
    assert_found(
        "int main(void) { int *d = malloc(8); d++; return d[0]; }",
        "",
    );
    assert_found(
        "int main(void) { int *d = malloc(8), *e = d + 1, *f = &d[1]; return e[0] + f[0]; }",
        "d",
    );
    assert_found(
        "static int at(int *c) { return c[0]; } int main(void) { int *d = malloc(8); return at(d) + at(d + 1); }",
        "d",
    );
    assert_found(
        "static void set(int **c, int *e) { *c = e + 1; } int main(void) { int *d = malloc(8), *e = malloc(8); set(&d, e); return d[0]; }",
        "e",
    );
    assert_found(
        "int main(int argc, char **argv) { char *d = malloc(8); d = argv[0]; return d[0]; }",
        "",
    );
    assert_found(
        "int main(void) { char *d = strdup(\"ab\"), *e = strchr(d, 'b'); return e[0]; }",
        "d",
    );
}

#[test]
fn a_file_that_others_join_says_nothing() {
    assert_found("int f(void) { int *d = malloc(8); return d[0]; }", "");
    assert_found(
        "void g(int *); int main(void) { int *d = malloc(8); g(d); return d[0]; }",
        "",
    );
}

#[test]
fn members_that_bytes_unions_and_casts_may_reach_do_not() {
    let reached = [
        "memcpy((char *)&v + offsetof(struct s, a), &e, sizeof e);",
        "int *q[2] = {d, e}; memcpy(&v, q, sizeof q);",
        "uintptr_t raw[2] = {(uintptr_t)d, (uintptr_t)e}; memmove(&v, raw, sizeof raw);",
        "char *to = (char *)&v; for (size_t i = 0; i < sizeof e; i++) to[i] = ((char *)&e)[i];",
        "int *(*all)[2] = (int *(*)[2])&v; (*all)[1] = e;",
        "void *raw = &v; struct o *other = raw; other->x = e;",
        "((struct o *)(uintptr_t)&v)->x = e;",
        "union { struct s s; uintptr_t raw[3]; } u = {v}; u.raw[0] = (uintptr_t)e; v = u.s;",
        "union { struct s *s; int **p; } u = {&v}; u.p[0] = e;",
        "qsort(&v, 2, sizeof(int *), 0);",
        "struct s *w = &v; int **first = (int **)w; *first = e;",
        "_Alignas(16) int *q[3] = {d, e}; v = *(struct s *)q;",
    ];
    for statement in reached {
        let program = format!(
            "int main(void) {{ int *d = malloc(80), *e = d + 1; struct s v = {{malloc(8), malloc(8), 2}}; {statement} return v.a[0] + v.b[0]; }}"
        );
        let found = found(&program);
        let members: Vec<_> = found
            .iter()
            .filter(|name| name.starts_with("struct s"))
            .collect();
        assert!(members.is_empty(), "{members:?}: {statement}");
    }
}

#[test]
fn values_in_braces_go_where_they_may() {
    let lists = [
        "struct s v = {malloc(8), e, 2};",
        "struct s v = {.b = malloc(8), .a = e};",
        "struct s v[2] = {malloc(8), malloc(8), 1, e, 0, 2};",
        "struct { struct s in; int m; } v = {.in = e, 0, 3};",
        "struct s v[2] = {[1] = e, 0, 3};",
        "struct s v = *&(struct s){e, 0, 3};",
    ];
    for list in lists {
        let program = format!(
            "int main(void) {{ int *e = (int *)malloc(80) + 1; {list} return sizeof v == 0; }}"
        );
        assert!(!found(&program).contains("struct s.a"), "{list}");
    }
}

#[test]
fn calls_by_pointers_and_lists_of_arguments_may_pass_anything() {
    assert_found(
        "static int at(int *c) { return c[0]; } static int (*by)(int *) = at;\n\
         int main(void) { int *d = malloc(8); return at(d) + by(d + 1); }",
        "d",
    );
    assert_found(
        "static void set(int n, ...) { va_list l; va_start(l, n); struct o *v = va_arg(l, struct o *); v->x++; va_end(l); }\n\
         int main(void) { struct s v = {malloc(8), 0, 1}; set(1, &v); return v.a[0]; }",
        "",
    );
    assert_found(
        "static int *same(int *r) { return r; }\n\
         static int *(*pick(int *c, int *m))(int *r) { c[0] = m[0]; return same; }\n\
         int main(void) { int *d = malloc(80), *e = malloc(8); pick(d + 1, e); return d[0]; }",
        "d e m",
    );
}
