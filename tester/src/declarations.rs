//! Reads what CUDA C++ says at declarations and a C++ compiler cannot use where it stands: which variables live on the
//! device, how many threads a kernel is compiled for, and kernels that are passed without their type.
//!
//! `__device__` stands before functions as well as variables; only the declaration's shape tells them apart.

use crate::launches::{Edits, Reader};
use crate::lexer::Kind;

/// What `__launch_bounds__` says of a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LaunchBound<'a> {
    pub(crate) kernel: &'a str,
    /// The most threads of a block, as written.
    pub(crate) threads: &'a str,
}

/// Words that may stand with a type and take arguments in parentheses.
const WITH_ARGUMENTS: [&str; 5] = [
    "__align__",
    "__attribute__",
    "__launch_bounds__",
    "alignas",
    "decltype",
];

/// Words that may stand before `__device__` in a declaration.
const QUALIFIERS: [&str; 9] = [
    "__constant__",
    "__managed__",
    "const",
    "constexpr",
    "extern",
    "inline",
    "static",
    "thread_local",
    "volatile",
];

/// What a declaration turns out to declare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Declared {
    Function,
    /// The token that ends the declarator of the first variable.
    Variable(usize),
}

impl<'a> Reader<'a> {
    /// Edits of the declaration whose `__device__` is at `index`, where it declares a variable.
    ///
    /// A constant stays where the compiler puts it: in memory that nobody writes, which a kernel may read.
    pub(crate) fn device_variable(&self, index: usize) -> Edits {
        if !self.is_word(index, "__device__") {
            return Vec::new();
        }
        let Some(Declared::Variable(end)) = self.declared(index + 1) else {
            return Vec::new();
        };
        let start = self.declaration_start(index);
        let has = |word: &str| (start..end).any(|at| self.is_word(at, word));
        let star = (start..end).rev().find(|&at| self.is(at, b'*'));
        let is_constant =
            has("constexpr") || (star.unwrap_or(start)..end).any(|at| self.is_word(at, "const"));
        if is_constant || has("__constant__") || has("__managed__") || has("__shared__") {
            return Vec::new();
        }
        let range = self.tokens.get(index).map(|token| token.at.clone());
        range
            .map(|range| (range, "MUPAC_SIMT_DEVICE_VARIABLE".to_owned()))
            .into_iter()
            .collect()
    }

    /// Edits of a launch by function that casts its kernel to `void *`: the cast goes, so that the kernel's type stays.
    pub(crate) fn untyped_kernel(&self, index: usize) -> Edits {
        let is_launch = self.is_word(index, "cudaLaunchKernel")
            || self.is_word(index, "cudaLaunchCooperativeKernel");
        if !is_launch || !self.is(index + 1, b'(') || !self.is(index + 2, b'(') {
            return Vec::new();
        }
        let void = index + 3 + usize::from(self.is_word(index + 3, "const"));
        if !self.is_word(void, "void") || !self.is(void + 1, b'*') || !self.is(void + 2, b')') {
            return Vec::new();
        }
        match (self.tokens.get(index + 2), self.tokens.get(void + 2)) {
            (Some(open), Some(close)) => vec![(open.at.start..close.at.end, String::new())],
            _ => Vec::new(),
        }
    }

    fn declaration_start(&self, index: usize) -> usize {
        let mut start = index;
        while start > 0
            && self
                .word(start - 1)
                .is_some_and(|word| QUALIFIERS.contains(&word))
        {
            start -= 1;
        }
        start
    }

    /// What is declared by the declaration whose next word is at `from`; `None` where it cannot be read.
    fn declared(&self, from: usize) -> Option<Declared> {
        let mut at = from;
        let mut is_type_defined = false;
        loop {
            match self.tokens.get(at)?.kind {
                Kind::Identifier => match self.word(at)? {
                    "operator" => return Some(Declared::Function),
                    word if WITH_ARGUMENTS.contains(&word) && self.is(at + 1, b'(') => {
                        at = self.balanced(at + 1, b'(', b')')?;
                    }
                    word => {
                        is_type_defined |= matches!(word, "struct" | "class" | "union" | "enum");
                    }
                },
                Kind::Punctuation(b'(') => {
                    let is_pointer = self.is(at + 1, b'*');
                    return Some(if is_pointer {
                        Declared::Variable(at)
                    } else {
                        Declared::Function
                    });
                }
                Kind::Punctuation(b'[') if self.is(at + 1, b'[') => {
                    at = self.balanced(at, b'[', b']')?;
                }
                Kind::Punctuation(b'<') => at = self.balanced(at, b'<', b'>')?,
                Kind::Punctuation(b'{') if is_type_defined => {
                    at = self.balanced(at, b'{', b'}')?;
                    is_type_defined = false;
                }
                Kind::Punctuation(b'=' | b';' | b'[' | b',' | b'{') => {
                    return Some(Declared::Variable(at));
                }
                Kind::Punctuation(b'*' | b'&' | b':') => {}
                Kind::Number | Kind::Literal | Kind::Punctuation(_) => return None,
            }
            at += 1;
        }
    }

    /// The token that closes what is opened at `open`.
    pub(crate) fn balanced(&self, open: usize, opening: u8, closing: u8) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..self.tokens.len() {
            if self.is(at, opening) {
                depth += 1;
            } else if self.is(at, closing) {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            } else if self.is(at, b';') && opening == b'<' {
                return None;
            }
        }
        None
    }

    /// The bound that the `__launch_bounds__` at `index` sets, where it means the same at every launch.
    fn launch_bound(&self, index: usize) -> Option<LaunchBound<'a>> {
        if !self.is_word(index, "__launch_bounds__") || !self.is(index + 1, b'(') {
            return None;
        }
        let close = self.balanced(index + 1, b'(', b')')?;
        let end = (index + 2..close)
            .find(|&at| self.is(at, b','))
            .unwrap_or(close);
        let is_plain = (index + 2..end).all(|at| match self.word(at) {
            Some(word) => self.is_macro(word),
            None => true,
        });
        let kernel = (close..self.tokens.len())
            .take_while(|&at| !self.is(at, b';') && !self.is(at, b'{'))
            .find(|&at| self.word(at).is_some() && self.is(at + 1, b'('))?;
        let threads = self.tokens.get(index + 2)?.at.start..self.tokens.get(end)?.at.start;
        is_plain.then_some(LaunchBound {
            kernel: self.text.get(self.tokens.get(kernel)?.at.clone())?,
            threads: self.text.get(threads)?.trim_end(),
        })
    }

    /// Whether the text defines a macro of this name; any other name may mean something else elsewhere.
    fn is_macro(&self, name: &str) -> bool {
        (0..self.tokens.len()).any(|at| {
            self.is(at, b'#') && self.is_word(at + 1, "define") && self.is_word(at + 2, name)
        })
    }
}

/// Returns the launch bounds that the text sets.
pub(crate) fn launch_bounds<'a>(reader: &Reader<'a>) -> Vec<LaunchBound<'a>> {
    (0..reader.tokens.len())
        .filter_map(|index| reader.launch_bound(index))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::launches::rewrite;

    #[test]
    fn variables_of_the_device_are_marked() {
        for text in [
            "__device__ int x;",
            "__device__ float table[4] = {1, 2, 3, 4};",
            "static __device__ unsigned long long total = 0;",
            "__device__ const float *where;",
            "__device__ __align__(16) A<int, 3> value{};",
            "__device__ struct { int a; } both;",
            "__device__ int (*choice)(int) = f;",
            "__device__ int a, b;",
        ] {
            let marked = text.replace("__device__", "MUPAC_SIMT_DEVICE_VARIABLE");
            assert_eq!(rewrite(text).unwrap(), marked);
        }
    }

    #[test]
    fn functions_and_constants_stay() {
        for text in [
            "__device__ int f(int x) { return x; }",
            "__host__ __device__ A<int>::A(int x) : x(x) {}",
            "__device__ __forceinline__ bool operator==(A a, A b);",
            "auto f = [] __device__ (int x) { return x; };",
            "__device__ const float table[2] = {1, 2};",
            "__device__ const char *const name = 0;",
            "constexpr __device__ int n = 3;",
            "__device__ __constant__ float k;",
            "__device__ __managed__ int m;",
        ] {
            assert_eq!(rewrite(text).unwrap(), text);
        }
    }

    #[test]
    fn launch_bounds_reach_the_launch() {
        assert_eq!(
            rewrite("__global__ void __launch_bounds__(128, 2) k(int *x) {}\nk<<<1, 256>>>(x);")
                .unwrap(),
            "__global__ void __launch_bounds__(128, 2) k(int *x) {}\nmupac_simt::launch(\"k\", \
             mupac_simt::bounded(128, mupac_simt::configuration(1, 256)), k, x);"
        );
    }

    #[test]
    fn bounds_that_depend_on_the_place_are_left_out() {
        let text = "template <int N> __global__ void __launch_bounds__(N) k(int *x) {}";
        assert!(
            !rewrite(&format!("{text} k<64><<<1, 64>>>(x);"))
                .unwrap()
                .contains("bounded")
        );
    }

    #[test]
    fn kernels_keep_their_type() {
        assert_eq!(
            rewrite("cudaLaunchCooperativeKernel((void *)k, g, b, args);").unwrap(),
            "cudaLaunchCooperativeKernel(k, g, b, args);"
        );
    }
}
