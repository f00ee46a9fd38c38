//! Compares what programs print, line by line and token by token.
//!
//! Where original and candidate compute alike, a line is the same only byte for byte.
//! Where the candidate's arithmetic may differ, numbers are read as numbers: a zero may have either sign, a NaN any, and
//! a number that the interpreter marks may be off by its bound; everything else stays byte for byte.

use mupac_ir::interpret::Mark;

use crate::masks::Masks;

/// How lines are compared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tolerance<'a> {
    /// Byte for byte.
    Bytes,
    /// Numbers as numbers; these may be off by a bound.
    Numbers(&'a [Mark]),
}

/// Returns what differs, in words; what is masked may be anything, of words any number or address.
pub(crate) fn difference(
    original: &[u8],
    candidate: &[u8],
    masked: &Masks,
    tolerance: Tolerance<'_>,
) -> Option<String> {
    let (wanted, got) = (lines(original), lines(candidate));
    let mut start = 0;
    for (index, (a, b)) in wanted.iter().zip(&got).enumerate() {
        let is_same =
            masked.has_line(index) || is_same_line((a, b), start, tolerance, (masked, index));
        if !is_same {
            let show = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
            return Some(format!(
                "line {} of its output is `{}`, the original prints `{}`",
                index + 1,
                show(b),
                show(a)
            ));
        }
        start += a.len() + 1;
    }
    (wanted.len() != got.len()).then(|| {
        format!(
            "it prints {} lines, the original {}",
            got.len() - 1,
            wanted.len() - 1
        )
    })
}

/// A float keeps 24 binary digits; numbers that agree in fewer than half of them differ in more than rounding.
///
/// **Units**: of the number.
const MOST_ROUNDING: f64 = 1.0 / 4096.0;

/// Returns whether all that differs are numbers with a fraction or an exponent, which begin alike.
///
/// It decides nothing about whether a text is right; it tells what sums in another order make of numbers of which nobody
/// knows a bound from what they never make.
pub(crate) fn is_rounding(original: &[u8], candidate: &[u8], masked: &Masks) -> bool {
    let (wanted, got) = (lines(original), lines(candidate));
    let mut pairs = wanted.iter().zip(&got).enumerate();
    wanted.len() == got.len()
        && pairs
            .all(|(index, (a, b))| masked.has_line(index) || begins_alike(a, b, (masked, index)))
}

fn begins_alike(wanted: &[u8], got: &[u8], (masked, line): (&Masks, usize)) -> bool {
    let (wanted, got) = (tokens(wanted), tokens(got));
    let is_alike =
        |(place, (a, b)): (usize, (&Token<'_>, &Token<'_>))| match (a.rounded(), b.rounded()) {
            _ if a.text == b.text || masked.has_word(line, place) => true,
            (Some(x), Some(y)) => (x - y).abs() <= MOST_ROUNDING * x.abs().max(y.abs()),
            _ => false,
        };
    wanted.len() == got.len() && wanted.iter().zip(&got).enumerate().all(is_alike)
}

/// Returns how far the numbers with a fraction or an exponent lie apart that differ, in their order and by their places in
/// the first text; `None` where anything else differs.
pub(crate) fn moved(original: &[u8], other: &[u8], masked: &Masks) -> Option<Vec<Mark>> {
    let (wanted, got) = (lines(original), lines(other));
    let (mut marks, mut start) = (Vec::new(), 0);
    for (index, (a, b)) in wanted.iter().zip(&got).enumerate() {
        if !masked.has_line(index) && a != b {
            moved_in_line((a, b), start, (masked, index), &mut marks)?;
        }
        start += a.len() + 1;
    }
    (wanted.len() == got.len()).then_some(marks)
}

/// Returns all numbers with a fraction or an exponent, which may be off by this share of themselves, whole ones by a half at
/// most.
pub(crate) fn numbers(text: &[u8], share: f64) -> Vec<Mark> {
    let (mut marks, mut start) = (Vec::new(), 0);
    for line in lines(text) {
        for token in tokens(line) {
            let begin = start + token.start;
            marks.extend(token.rounded().map(|number| Mark {
                start: begin,
                end: begin + token.text.len(),
                bound: match share * number.abs() {
                    bound if number.fract() == 0.0 => bound.min(0.5),
                    bound => bound,
                },
            }));
        }
        start += line.len() + 1;
    }
    marks
}

/// Adds the marks of a line that starts there; `None` where anything but numbers differs.
fn moved_in_line(
    (wanted, got): (&[u8], &[u8]),
    start: usize,
    (masked, line): (&Masks, usize),
    marks: &mut Vec<Mark>,
) -> Option<()> {
    let (wanted, got) = (tokens(wanted), tokens(got));
    if wanted.len() != got.len() {
        return None;
    }
    let mut may_move = false;
    for (place, (a, b)) in wanted.iter().zip(&got).enumerate() {
        if masked.has_word(line, place) {
            may_move = true;
            continue;
        }
        let differs = a.text != b.text;
        if a.blanks != b.blanks && !may_move && !differs {
            return None;
        }
        may_move = differs;
        if differs {
            let bound = (a.rounded()? - b.rounded()?).abs();
            let start = start + a.start;
            let end = start + a.text.len();
            marks.push(Mark { start, end, bound });
        }
    }
    Some(())
}

pub(crate) fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split(|&byte| byte == b'\n').collect()
}

/// Compares two lines; `start` is where the first one starts in what the marks are about, and `line` its number.
fn is_same_line(
    (wanted, got): (&[u8], &[u8]),
    start: usize,
    tolerance: Tolerance<'_>,
    (masked, line): (&Masks, usize),
) -> bool {
    if wanted == got {
        return true;
    }
    let marks = match tolerance {
        Tolerance::Bytes if masked.is_free(line) => return false,
        Tolerance::Bytes => None,
        Tolerance::Numbers(marks) => Some(marks),
    };
    let (wanted, got) = (tokens(wanted), tokens(got));
    if wanted.len() != got.len() {
        return false;
    }
    // A number of another length moves the blanks around its field.
    let mut may_move = false;
    wanted.iter().zip(&got).enumerate().all(|(place, (a, b))| {
        if masked.has_word(line, place) {
            may_move = true;
            return b.number.is_some() || b.is_address();
        }
        let Some(marks) = marks else {
            let is_placed = a.blanks == b.blanks || may_move;
            may_move = false;
            return is_placed && a.text == b.text;
        };
        let bound = bound(marks, start + a.start, start + a.start + a.text.len());
        let is_placed = a.blanks == b.blanks || may_move || bound.is_some();
        may_move = bound.is_some();
        is_placed && is_same_token(a, b, bound)
    })
}

/// Returns how far a number may be off: it lies inside the field of a mark.
fn bound(marks: &[Mark], start: usize, end: usize) -> Option<f64> {
    let at = marks.partition_point(|mark| mark.end < end);
    let mark = marks.get(at)?;
    (mark.start <= start).then_some(mark.bound)
}

fn is_same_token(a: &Token<'_>, b: &Token<'_>, bound: Option<f64>) -> bool {
    if a.text == b.text {
        return true;
    }
    let (Some(x), Some(y)) = (a.number, b.number) else {
        return false;
    };
    let is_zero = x == 0.0 && y == 0.0 && unsigned(a.text) == unsigned(b.text);
    let is_nan = x.is_nan() && y.is_nan();
    // Reading the digits back rounds once more.
    let is_near = bound.is_some_and(|bound| (x - y).abs() <= bound * (1.0 + 1e-9));
    is_zero || is_nan || is_near
}

fn unsigned(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"-")
        .or_else(|| text.strip_prefix(b"+"))
        .unwrap_or(text)
}

/// A word of a line.
pub(crate) struct Token<'a> {
    /// Where the text starts.
    pub(crate) start: usize,
    /// How many blanks stand before it.
    pub(crate) blanks: usize,
    pub(crate) text: &'a [u8],
    /// The number that it is, if it is one.
    pub(crate) number: Option<f64>,
}

/// Takes a line apart: into numbers, and what stands between them up to the next blank.
pub(crate) fn tokens(line: &[u8]) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut blanks) = (0, 0);
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(b" ") {
            at += 1;
            blanks += 1;
            continue;
        }
        // Letters and digits before a number make it a part of a word: `x1`, `0x1f`.
        let is_fresh = at == 0 || !is_word(line[at - 1]);
        let number = number_length(rest).filter(|_| is_fresh);
        let length = number.unwrap_or_else(|| word_length(rest));
        let text = &rest[..length];
        tokens.push(Token {
            start: at,
            blanks: std::mem::take(&mut blanks),
            text,
            number: number.and_then(|_| std::str::from_utf8(text).ok()?.parse().ok()),
        });
        at += length;
    }
    if blanks > 0 {
        tokens.push(Token {
            start: at,
            blanks,
            text: b"",
            number: None,
        });
    }
    tokens
}

impl Token<'_> {
    /// Returns whether it is an address in hexadecimal digits, behind its `0`.
    pub(crate) fn is_address(&self) -> bool {
        let digits = self.text.strip_prefix(b"x");
        digits.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit))
    }

    /// Returns the number that it is where it has a fraction or an exponent.
    fn rounded(&self) -> Option<f64> {
        let is_rounded = self.text.iter().any(|byte| b".eE".contains(byte));
        self.number
            .filter(|number| is_rounded && number.is_finite())
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'
}

/// Returns how long the piece is that is no number: a word, or one byte.
fn word_length(text: &[u8]) -> usize {
    let word = text.iter().take_while(|byte| is_word(**byte)).count();
    word.max(1)
}

/// Returns how long the number is that a text starts with.
fn number_length(text: &[u8]) -> Option<usize> {
    let sign = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let rest = text.get(sign..)?;
    for word in [b"inf", b"nan", b"INF", b"NAN"] {
        let is_whole = rest.get(word.len()).is_none_or(|byte| !is_word(*byte));
        if rest.starts_with(word) && is_whole {
            return Some(sign + word.len());
        }
    }
    let digits = |from: usize| {
        let rest = rest.get(from..).unwrap_or(&[]);
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let whole = digits(0);
    let mut length = whole;
    if rest.get(length) == Some(&b'.') {
        let fraction = digits(length + 1);
        if whole + fraction == 0 {
            return None;
        }
        length += 1 + fraction;
    } else if whole == 0 {
        return None;
    }
    if matches!(rest.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(rest.get(length + 1), Some(b'-' | b'+')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    Some(sign + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(original: &str, candidate: &str, marks: &[Mark]) -> Option<String> {
        let tolerance = Tolerance::Numbers(marks);
        let (original, candidate) = (original.as_bytes(), candidate.as_bytes());
        difference(original, candidate, &Masks::default(), tolerance)
    }

    fn is_same(original: &str, candidate: &str, marks: &[Mark]) -> bool {
        compared(original, candidate, marks).is_none()
    }

    const FIELD: Mark = Mark {
        start: 4,
        end: 10,
        bound: 0.02,
    };

    #[test]
    fn a_marked_number_may_be_off_by_its_bound_and_move_the_blanks_of_its_field() {
        assert!(is_same("s = 9.9900 n", "s = 10.009 n", &[FIELD]));
        assert!(is_same("s =   9.99 n", "s =  10.00 n", &[FIELD]));
        assert!(!is_same("s = 9.9900 n", "s = 10.011 n", &[FIELD]));
        assert!(!is_same("s = 9.9900 n", "s = nan n", &[FIELD]));
        assert!(!is_same("s = 9.9900 n", "t = 9.9900 n", &[FIELD]));
    }

    #[test]
    fn other_numbers_are_compared_digit_by_digit() {
        assert!(!is_same("i = 12 9.9900", "i = 13 9.9900", &[]));
        assert!(!is_same("1.50", "1.51", &[]));
        assert!(!is_same("a  1.50", "a 1.50", &[]));
        // A digit before the field makes one number of both.
        assert!(!is_same(
            "s = 19.9900",
            "s = 19.9901",
            &[Mark { start: 5, ..FIELD }]
        ));
    }

    #[test]
    fn zeros_have_no_sign_and_nans_none_either() {
        assert!(is_same("0.00 -0.00 nan", "-0.00 0.00 -nan", &[]));
        assert!(!is_same("0.00", "-0.0", &[]));
        assert!(!is_same("x0.00-nan", "x-0.00nan", &[]));
        assert!(difference(b"0.00", b"-0.00", &Masks::default(), Tolerance::Bytes).is_some());
    }

    #[test]
    fn rounding_is_told_from_what_no_order_makes() {
        let told = |a: &str, b: &str| is_rounding(a.as_bytes(), b.as_bytes(), &Masks::default());
        assert!(told("s = 1.00000 n", "s = 0.99999 n"));
        assert!(told("1e30 7", "1.0001e30 7"));
        // A count, a word, another number, another line.
        assert!(!told("s = 1.5 n 7", "s = 1.5 n 8"));
        assert!(!told("s = 1.5 yes", "s = 1.5 no"));
        assert!(!told("s = 1.5", "s = 1.6"));
        assert!(!told("s = 1.5", "s = nan"));
        assert!(!told("s = 0.0", "s = 0.5"));
        assert!(!told("1.5", "1.5\n1.5"));
        assert!(!told("-1.5", "1.5"));
    }

    #[test]
    fn numbers_that_move_are_marked_where_nothing_else_differs() {
        let moved = |a: &str, b: &str| {
            let marks = moved(a.as_bytes(), b.as_bytes(), &Masks::default())?;
            let marks = marks.iter().map(|mark| (mark.start, mark.end, mark.bound));
            Some(marks.collect::<Vec<_>>())
        };
        assert_eq!(
            moved("n 3\ns = 1.5 ok", "n 3\ns = 1.25 ok"),
            Some(vec![(8, 11, 0.25)])
        );
        assert_eq!(moved("  9.5 1", " 10.5 1"), Some(vec![(2, 5, 1.0)]));
        assert_eq!(moved("2.0e-15", "2.0e-15"), Some(vec![]));
        assert_eq!(moved("n 3", "n 4"), None);
        assert_eq!(moved("s = 1.5 yes", "s = 1.5 no"), None);
        assert_eq!(moved("1.5", "nan"), None);
        assert_eq!(moved("1.5", "1.5\n"), None);
    }

    #[test]
    fn all_numbers_with_a_fraction_may_be_off_by_a_share() {
        let marks = numbers(b"n 3\ns = -1.25e+01 ok 2.0 1.5e+03", 0.01);
        let marks: Vec<_> = (marks.iter())
            .map(|mark| (mark.start, mark.end, mark.bound))
            .collect();
        // What is whole stays within a half.
        assert_eq!(marks, [(8, 17, 0.125), (21, 24, 0.02), (25, 32, 0.5)]);
    }

    #[test]
    fn lines_are_counted_and_masked() {
        let message = compared("a\nb 1\n", "a\nb 2\n", &[]);
        assert_eq!(
            message.as_deref(),
            Some("line 2 of its output is `b 2`, the original prints `b 1`")
        );
        let masked = Masks::of(&[b"a\nb", b"a\nc"]).unwrap();
        assert!(difference(b"a\nb", b"a\nc", &masked, Tolerance::Bytes).is_none());
        assert!(difference(b"a\nb", b"a\nb\nc", &masked, Tolerance::Bytes).is_some());
    }

    #[test]
    fn masked_numbers_may_be_any_and_all_else_is_compared() {
        let masked = Masks::of(&[b"sum  9.5 s 1.25", b"sum 10.1 s 1.25"]).unwrap();
        let compared = |got: &str, tolerance| {
            difference(b"sum  9.5 s 1.25", got.as_bytes(), &masked, tolerance).is_none()
        };
        for tolerance in [Tolerance::Bytes, Tolerance::Numbers(&[])] {
            assert!(compared("sum  0.1 s 1.25", tolerance));
            assert!(compared("sum 110.1 s 1.25", tolerance));
            assert!(!compared("sum  9.5 s 1.26", tolerance));
            assert!(!compared("sum  9.5  s 1.26", tolerance));
            assert!(!compared("sum fast s 1.25", tolerance));
            assert!(!compared("sum  9.5 s 1.25 2", tolerance));
        }
    }
}
