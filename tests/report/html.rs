//! A small reader of pages: whether tags pair, names are one of a kind, links lead somewhere, and nothing is loaded.
//!
//! **Source**: HTML Living Standard, 13.1.2 (elements) and 13.1.4 (character references).

use std::collections::BTreeSet;

/// Elements without an end tag that the pages use.
const VOID: [&str; 2] = ["meta", "br"];

/// What stands in a page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The names of its elements, in order.
    pub(crate) elements: Vec<String>,
    /// Its text outside of scripts and styles, with the characters that were escaped.
    pub(crate) text: String,
    /// The names that links lead to.
    ids: BTreeSet<String>,
    links: Vec<String>,
}

/// Returns what stands in a page.
///
/// **Errors**: where it is not well-formed, loads something, or has a link that leads nowhere.
pub(crate) fn read(text: &str) -> Result<Page, String> {
    let mut page = Page::default();
    let mut open: Vec<String> = Vec::new();
    let mut rest = text
        .strip_prefix("<!DOCTYPE html>\n")
        .ok_or("no document type")?;
    while let Some(at) = rest.find('<') {
        page.text += &unescaped(&rest[..at])?;
        let end = tag_end(&rest[at..]).ok_or_else(|| format!("no end: {:.80}", &rest[at..]))?;
        let tag = &rest[at + 1..at + end];
        rest = &rest[at + end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let last = open.pop();
            if last.as_deref() != Some(name) {
                return Err(format!("</{name}> ends {last:?}, before {rest:.80}"));
            }
            continue;
        }
        let (name, attributes) = element(tag)?;
        page.take(&name, attributes)?;
        if ["script", "style"].contains(&&*name) {
            let end = format!("</{name}>");
            let at = rest.find(&end).ok_or("an endless script")?;
            rest = &rest[at + end.len()..];
        } else if !VOID.contains(&&*name) {
            open.push(name);
        }
    }
    if !rest.trim().is_empty() || !open.is_empty() {
        return Err(format!("left open: {open:?}, {rest:?}"));
    }
    match page.links.iter().find(|link| !page.ids.contains(*link)) {
        Some(link) => Err(format!("nothing is called {link}")),
        None => Ok(page),
    }
}

impl Page {
    fn take(&mut self, name: &str, attributes: Vec<(String, String)>) -> Result<(), String> {
        for (attribute, value) in attributes {
            match &*attribute {
                "id" if !self.ids.insert(value.clone()) => {
                    return Err(format!("two are called {value}"));
                }
                "href" => {
                    let target = value.strip_prefix('#');
                    self.links
                        .push(target.ok_or(format!("leads away: {value}"))?.to_owned());
                }
                "src" | "srcset" | "data" | "action" | "onclick" | "onload" | "onerror" => {
                    return Err(format!("{name} has {attribute}={value}"));
                }
                _ => {}
            }
        }
        self.elements.push(name.to_owned());
        Ok(())
    }

    /// Returns how many elements of a name there are.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.elements.iter().filter(|each| *each == name).count()
    }
}

/// Returns where a tag ends, which is not within quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// Returns the name of a tag with its attributes, each with a value in double quotes or none.
fn element(tag: &str) -> Result<(String, Vec<(String, String)>), String> {
    let (name, mut rest) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
    if name.is_empty()
        || !name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    {
        return Err(format!("no tag: <{tag:.80}>"));
    }
    let mut attributes = Vec::new();
    while let Some(next) = rest.strip_prefix(' ') {
        let end = next.find(['=', ' ']).unwrap_or(next.len());
        let (attribute, value) = next.split_at(end);
        rest = value;
        let mut text = String::new();
        if let Some(quoted) = value.strip_prefix("=\"") {
            let end = quoted
                .find('"')
                .ok_or_else(|| format!("no quote: <{tag:.80}>"))?;
            text = unescaped(&quoted[..end])?;
            rest = &quoted[end + 1..];
        }
        attributes.push((attribute.to_owned(), text));
    }
    if !rest.is_empty() {
        return Err(format!("attributes: <{tag:.80}>"));
    }
    Ok((name.to_owned(), attributes))
}

fn unescaped(text: &str) -> Result<String, String> {
    let mut plain = String::new();
    let mut parts = text.split('&');
    plain += parts.next().unwrap_or_default();
    for part in parts {
        let (name, rest) = part.split_once(';').ok_or(format!("&{part:.20}"))?;
        plain.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            other => return Err(format!("&{other:.20};")),
        });
        plain += rest;
    }
    Ok(plain)
}
