//! A hash of texts, to tell whether they are the same: of emitted files, of sources of the runtime.
//!
//! It guards against mix-ups and edits, not against somebody who wants to deceive; scripts of a bundle compute it too
//! (`tester/bundle/text_hash.c`).

/// FNV-1a, 64 bits. **Source**: RFC 9923.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fnv {
    value: u64,
}

impl Default for Fnv {
    fn default() -> Self {
        Self {
            value: 0xcbf2_9ce4_8422_2325,
        }
    }
}

impl Fnv {
    /// Adds bytes; what follows is not told from them.
    pub fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.value = (self.value ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Adds one of several texts, with a mark at its end that no UTF-8 text holds.
    pub fn add_text(&mut self, bytes: &[u8]) {
        self.add(bytes);
        self.add(&[0xff]);
    }

    /// Returns the hash of what was added.
    pub fn value(self) -> u64 {
        self.value
    }
}

/// Returns the hash of one text as 16 hexadecimal digits.
pub fn text_hash(text: &str) -> String {
    let mut hash = Fnv::default();
    hash.add(text.as_bytes());
    format!("{:016x}", hash.value())
}

/// Returns a hash of bytes, to find out whether they are what they were; eight bytes at a time, since files are large.
pub fn content_hash(bytes: &[u8]) -> u64 {
    let mut hash = Fnv::default();
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash.value = (hash.value ^ u64::from_le_bytes(*word)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash.add(rest);
    hash.add(&bytes.len().to_le_bytes());
    hash.value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        // RFC 9923, appendix: test vectors of FNV-1a with 64 bits.
        assert_eq!(text_hash(""), "cbf29ce484222325");
        assert_eq!(text_hash("a"), "af63dc4c8601ec8c");
        assert_eq!(text_hash("foobar"), "85944171f73967e8");
    }

    #[test]
    fn every_byte_counts() {
        let bytes: Vec<u8> = (0..29).collect();
        let whole = content_hash(&bytes);
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x80;
            assert_ne!(content_hash(&changed), whole, "byte {at}");
            assert_ne!(content_hash(&bytes[..at]), whole, "{at} bytes");
        }
        assert_ne!(content_hash(&[0; 8]), content_hash(&[0; 16]));
    }
}
