//! What of a program's output differs from run to run of the original, and is not compared: numbers and addresses where
//! nothing else in their line differs, else the line.

use std::collections::{BTreeMap, BTreeSet};

use crate::tokens::{Token, lines, tokens};

/// Of so many lines at most one may differ in more than numbers.
const LINES_OF_ONE: usize = 10;

/// What is not compared of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Masks {
    /// Lines, counted from 0.
    lines: BTreeSet<usize>,
    /// Of other lines, the places of words, by line.
    words: BTreeMap<usize, BTreeSet<usize>>,
}

impl Masks {
    /// Returns what differs between texts; `None` where they have different numbers of lines.
    pub(crate) fn of(texts: &[&[u8]]) -> Option<Self> {
        let all: Vec<_> = texts.iter().map(|text| lines(text)).collect();
        let (first, rest) = all.split_first()?;
        if rest.iter().any(|other| other.len() != first.len()) {
            return None;
        }
        let mut masks = Self::default();
        for (index, line) in first.iter().enumerate() {
            let others: Vec<&[u8]> = rest
                .iter()
                .filter_map(|other| other.get(index))
                .copied()
                .collect();
            if others.iter().all(|other| other == line) {
                continue;
            }
            match differing_words(line, &others) {
                Some(words) => drop(masks.words.insert(index, words)),
                None => drop(masks.lines.insert(index)),
            }
        }
        Some(masks)
    }

    /// Returns what either says is not compared.
    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.lines.extend(&other.lines);
        for (line, words) in &other.words {
            all.words.entry(*line).or_default().extend(words);
        }
        all.words.retain(|line, _| !all.lines.contains(line));
        all
    }

    /// Returns whether nothing of a line is compared.
    pub(crate) fn has_line(&self, line: usize) -> bool {
        self.lines.contains(&line)
    }

    /// Returns whether the word at a place of a line is not compared.
    pub(crate) fn has_word(&self, line: usize, place: usize) -> bool {
        self.words
            .get(&line)
            .is_some_and(|words| words.contains(&place))
    }

    /// Returns whether all of a line is compared.
    pub(crate) fn is_free(&self, line: usize) -> bool {
        !self.lines.contains(&line) && !self.words.contains_key(&line)
    }

    /// Returns the lines of which nothing is compared.
    pub(crate) fn lines(&self) -> &BTreeSet<usize> {
        &self.lines
    }

    /// Returns how many words of other lines are not compared.
    pub(crate) fn word_count(&self) -> usize {
        self.words.values().map(BTreeSet::len).sum()
    }

    /// Returns whether too many lines of a text are not compared at all.
    pub(crate) fn hide_lines(&self, text: &[u8]) -> bool {
        self.lines.len() * LINES_OF_ONE > lines(text).len()
    }

    /// Returns whether so many lines of a text have something that is not compared that what is left may say nothing.
    pub(crate) fn are_many(&self, text: &[u8]) -> bool {
        (self.lines.len() + self.words.len()) * LINES_OF_ONE > lines(text).len()
    }

    /// Returns where the words stand in a text, in order.
    pub(crate) fn ranges(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let (mut found, mut start) = (Vec::new(), 0);
        for (index, line) in lines(text).into_iter().enumerate() {
            for (place, token) in tokens(line).iter().enumerate() {
                if self.has_word(index, place) {
                    // The `0` of an address is a word of its own.
                    let from = start + token.start - usize::from(token.is_address());
                    found.push((from, start + token.start + token.text.len()));
                }
            }
            start += line.len() + 1;
        }
        found
    }
}

/// Returns the places of the words in which lines differ, all of them numbers or addresses; `None` where more differs, or
/// nothing else is there.
fn differing_words(line: &[u8], others: &[&[u8]]) -> Option<BTreeSet<usize>> {
    let first = tokens(line);
    let mut found = BTreeSet::new();
    for other in others {
        let other = tokens(other);
        if other.len() != first.len() {
            return None;
        }
        let pairs = first.iter().zip(&other).enumerate();
        found.extend(
            pairs
                .filter(|(_, (a, b))| a.text != b.text)
                .map(|(place, _)| place),
        );
        let is_open = |place: usize| found.contains(&place);
        let is_known = |(place, (a, b)): (usize, (&Token<'_>, &Token<'_>))| {
            let is_placed =
                a.blanks == b.blanks || is_open(place) || place > 0 && is_open(place - 1);
            let may_differ = |token: &Token<'_>| token.number.is_some() || token.is_address();
            is_placed && (!is_open(place) || may_differ(a) && may_differ(b))
        };
        if !first.iter().zip(&other).enumerate().all(is_known) {
            return None;
        }
    }
    let says = |(place, token): (usize, &Token<'_>)| {
        let is_of_address = first.get(place + 1).is_some_and(Token::is_address);
        !found.contains(&place) && !token.text.is_empty() && !is_of_address
    };
    first.iter().enumerate().any(says).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(first: &str, second: &str) -> (Vec<usize>, Vec<(usize, usize)>) {
        let masks = Masks::of(&[first.as_bytes(), second.as_bytes()]).unwrap();
        let lines = masks.lines().iter().copied().collect();
        (lines, masks.ranges(first.as_bytes()))
    }

    #[test]
    fn numbers_and_addresses_differ_by_themselves() {
        assert_eq!(
            of("s1  9.5 s 7\nx", "s1 10.5 s 7\nx"),
            (vec![], vec![(4, 7)])
        );
        assert_eq!(of("at 0x7f10, 3", "at 0x7e20, 3"), (vec![], vec![(3, 9)]));
    }

    #[test]
    fn where_more_differs_or_nothing_else_is_there_lines_do() {
        assert_eq!(of("9.5 yes\nx", "9.6 no\nx"), (vec![0], vec![]));
        assert_eq!(of("9.5\n0x7f10", "9.6\n0x7e10"), (vec![0, 1], vec![]));
        assert_eq!(of("a 1", "a 1 2"), (vec![0], vec![]));
        assert_eq!(of("a  1 b", "a 1 b"), (vec![0], vec![]));
        assert!(Masks::of(&[b"a", b"a\n"]).is_none());
    }
}
