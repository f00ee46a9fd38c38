//! Where a kernel stands in the output.

/// Returns the first and the last line of a kernel in a text of CUDA, counted from 1, with the comment before it; `None`
/// where there is none such.
///
/// The text is one that mupac wrote: a kernel begins on the line that says `__global__`, perhaps below its `template`, and
/// ends with the first brace that begins a line.
pub(super) fn lines(cuda: &str, name: &str) -> Option<(usize, usize)> {
    let lines: Vec<&str> = cuda.lines().collect();
    let start = lines.iter().position(|line| {
        let is_kernel = line.contains("__global__");
        is_kernel && names(line, name)
    })?;
    let length = lines[start..]
        .iter()
        .position(|line| line.starts_with('}'))?;
    let is_part = |line: &&&str| line.starts_with("//") || line.starts_with("template");
    let before = lines[..start].iter().rev().take_while(is_part).count();
    Some((start + 1 - before, start + length + 1))
}

/// Returns whether a line declares a function of this name.
fn names(line: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(name).any(|(at, _)| {
        let is_begun = line[..at].chars().next_back().is_some_and(is_part);
        !is_begun && line[at + name.len()..].starts_with('(')
    })
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_kernel_is_found_with_its_comment() {
        let cuda = "// first\n\n// f, line 1: i\n__global__ void f_l1(int n) {\n    if (n) {\n    }\n}\n\n\
                    template <int T>\n__global__ void __launch_bounds__(256) f_l11(int n) {\n}\n\
                    void f(int n) {\n    f_l1<<<1, 1>>>(n);\n}\n";
        assert_eq!(lines(cuda, "f_l1"), Some((3, 7)));
        assert_eq!(lines(cuda, "f_l11"), Some((9, 11)));
        assert_eq!(lines(cuda, "l1"), None);
        assert_eq!(lines(cuda, "f"), None);
    }
}
