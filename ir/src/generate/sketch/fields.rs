//! Bit-fields, and what depends on the line that it stands in.

use super::Template;

pub(super) const BIT_FIELDS: &[Template] = &[
    Template::new(
        "struct $S_bits { unsigned kind : 3; int level : 5; unsigned long id : 40; };\nstatic struct $S_bits $S_items[32];\n",
        "for (int $i = 0; $i < 32; $i++) { $S_items[$i].kind = $i & 7; $S_items[$i].level = $i % 15; $S_items[$i].id = (unsigned long)$i * 1234567; } for (int $i = 0; $i < 32; $i++) $x[$i] = $mix{$y[$i], $S_items[$i].kind + $S_items[$i].level}; $note{$S_items[n & 31].id + 1}",
    ),
    Template::new(
        "struct $S_wide { unsigned long id : 40; long at : 36; };\n",
        "struct $S_wide $w = {0xffffffffffUL, 5}; $note{($w.id + 1) % 1000} $note{($w.id << 4) % 1009} $region{$x, $y} $w.id++; $note{$w.id % 1000} $w.at -= n; $note{$w.at * 3}",
    ),
    Template::new(
        "struct $S_flags { unsigned char low : 4, high : 4; signed char sign : 2; };\n",
        "struct $S_flags $w[40]; for (int $i = 0; $i < 40; $i++) { $w[$i].low = $i & 15; $w[$i].high = 15 - ($i & 15); $w[$i].sign = $i & 1; } long $s = 0; for (int $i = 0; $i < 40; $i++) $s += $w[$i].low * 2 - $w[$i].high + $w[$i].sign; $note{$s} for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$x[$i], $w[$i % 40].high};",
    ),
    Template::new(
        "union $S_word { unsigned all; struct { unsigned low : 12, middle : 8, high : 12; } part; };\n",
        "for (int $i = 0; $i < n; $i++) { union $S_word $w; $w.all = (unsigned)$i * 2654435u; $x[$i] = $mix{$y[$i], $w.part.middle & 63}; } $region{$y, $x}",
    ),
];

pub(super) const LINES: &[Template] = &[
    Template::new("", "$region{$x, $y} $note{__LINE__ % 91}"),
    Template::new(
        "#define $S_HERE (__LINE__ % 13)\n",
        "for (int $i = 0; $i < n; $i++) $x[$i] = $mix{$y[$i], $S_HERE};\n    $note{$S_HERE + 2 * $S_HERE}",
    ),
    Template::new(
        "static long $S_line(long $1) { long $2 = __LINE__; return $2 * 2 + $1; }\n",
        "$region{$x, $z} $note{$S_line(n)} $region{$z, $x} $note{$S_line(1)}",
    ),
    Template::new(
        "#include <assert.h>\n",
        "assert(n >= 0); $region{$x, $y} assert(n < 1000 && \"n\"); $note{(long)sizeof __func__ + __func__[0]}",
    ),
];
