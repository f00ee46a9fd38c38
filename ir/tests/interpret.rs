//! What the interpreter computes, and every kind of undefined behaviour it stops at.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its text is wrong"
)]

use mupac_ir::interpret::{
    Bytes, Fault, FaultClass, FaultKind, Limits, Machine, Order, Pointer, Value,
};
use mupac_ir::{Module, Scalar, parse, verify};

fn module(text: &str) -> Module {
    let module = parse::module(text).expect("the text parses");
    verify::module(&module).expect("the module is well formed");
    module
}

/// Calls the last function of the text.
fn call(text: &str, arguments: &[Value]) -> Result<Option<Value>, FaultKind> {
    let module = module(text);
    let (function, _) = module.functions.iter().last().unwrap();
    let result = Machine::new(&module).run(function, arguments);
    result.map_err(|fault| fault.kind)
}

fn int(value: i64) -> Value {
    Value::Integer(i128::from(value))
}

fn returns(text: &str, arguments: &[Value], expected: Value) {
    assert_eq!(call(text, arguments), Ok(Some(expected)));
}

fn faults(text: &str, arguments: &[Value], expected: FaultKind) {
    assert_eq!(call(text, arguments), Err(expected));
}

/// Returns an object of `i32` values.
fn ints(machine: &mut Machine<'_>, values: &[i32]) -> Pointer {
    let data: Vec<u8> = values.iter().flat_map(|each| each.to_le_bytes()).collect();
    let is_set = vec![true; data.len()];
    machine.object("x", &Bytes { data, is_set }).unwrap()
}

fn read_ints(machine: &Machine<'_>, pointer: Pointer) -> Vec<i32> {
    let bytes = &machine.bytes(pointer).unwrap().data;
    let words = bytes.chunks_exact(4);
    words
        .map(|word| i32::from_le_bytes(word.try_into().unwrap()))
        .collect()
}

#[test]
fn loops_count_up_and_down_and_leave_the_failing_value() {
    let text = "fn f(n: i32) -> i32 {
        var i: i32
        var sum: i32
        S0: sum = 0
        for i in 0..n by 3 { S1: sum = sum * 10 + i }
        for j: i64 in 4i64..1i64 by -2 { S2: sum = sum * 10 + i32(j) }
        return sum * 100 + i
    }";
    returns(text, &[int(7)], int(364_209));
}

#[test]
fn a_loop_compares_in_the_type_of_its_end() {
    let text = "fn f(n: u64) -> i32 {
        var count: i32
        S0: count = 0
        for i: i32 in -1..n { S1: count = count + 1 }
        return count
    }";
    // -1 becomes the greatest unsigned number.
    returns(text, &[int(5)], int(0));
}

#[test]
fn logical_operators_and_choices_evaluate_no_more_than_they_must() {
    let text = "fn f(d: i32) -> i32 {
        return d != 0 && 10 / d > 2 ? 10 / d : -1
    }";
    returns(text, &[int(0)], int(-1));
    returns(text, &[int(3)], int(3));
}

#[test]
fn float_operations_round_to_their_own_type() {
    let text = "fn f(a: f32) -> f32 { return a * a - 1.0f32 }";
    let a = 1.000_1_f32;
    returns(text, &[Value::F32(a)], Value::F32(a * a - 1.0));
}

#[test]
fn structures_are_copied_with_their_members() {
    let text = "record struct pair size 16 align 8 {
        a: i32 at 0
        b: f64 at 8
    }
    fn f() -> f64 {
        var x: struct pair
        var y: struct pair
        S0: x.a = 7
        S1: x.b = 2.5
        S2: y = x
        return f64(y.a) + y.b
    }";
    returns(text, &[], Value::F64(9.5));
}

#[test]
fn pointers_are_stored_and_followed() {
    let text = "fn f() -> i32 {
        var a: i32[3]
        var p: *i32
        var q: *(*i32)
        S0: a[1] = 5
        S1: a[2] = 6
        S2: p = &a[1]
        S3: q = &p
        S4: q[0] = p + 1i64
        return p[0] * 10 + i32(p - &a[0])
    }";
    let found = call(text, &[]);
    assert_eq!(found, Ok(Some(int(62))));
}

#[test]
fn functions_call_one_another_and_themselves() {
    let text = "fn fib(n: i32) -> i32 {
        var a: i32
        var b: i32
        if n < 2 { return n }
        call a = fib(n - 1)
        call b = fib(n - 2)
        return a + b
    }";
    returns(text, &[int(12)], int(144));
}

#[test]
fn variable_rows_are_measured_when_they_are_used() {
    let text = "fn f(n: i32, m: i32) -> i32 {
        var a: i32[i64(n)][i64(m)]
        for i: i32 in 0..n { for j: i32 in 0..m { S0: a[i64(i)][i64(j)] = 10 * i + j } }
        return a[i64(n) - 1i64][i64(m) - 2i64]
    }";
    returns(text, &[int(4), int(7)], int(35));
    faults(text, &[int(0), int(7)], FaultKind::ArrayLength(0));
}

#[test]
fn do_loops_run_before_their_test() {
    let text = "fn f(n: i32) -> i32 {
        var i: i32
        S0: i = n
        do { S1: i = i + 1 } while i < 3
        return i
    }";
    returns(text, &[int(9)], int(10));
    returns(text, &[int(0)], int(3));
}

#[test]
fn continue_in_a_loop_without_counter_still_steps() {
    let text = "fn f(n: i32) -> i32 {
        var i: i32
        var sum: i32
        S0: i = 0
        S1: sum = 0
        while i < n {
            if i % 2 == 0 { continue }
            S2: sum = sum + i
        } after { S3: i = i + 1 }
        return sum
    }";
    returns(text, &[int(6)], int(9));
}

#[test]
fn signed_overflow_is_found_in_every_operator() {
    let overflow = || FaultKind::SignedOverflow(Scalar::I32);
    let least = int(i64::from(i32::MIN));
    let most = int(i64::from(i32::MAX));
    faults(
        "fn f(a: i32) -> i32 { return a + 1 }",
        std::slice::from_ref(&most),
        overflow(),
    );
    faults(
        "fn f(a: i32) -> i32 { return a - 1 }",
        std::slice::from_ref(&least),
        overflow(),
    );
    faults("fn f(a: i32) -> i32 { return a * 2 }", &[most], overflow());
    faults(
        "fn f(a: i32) -> i32 { return a / -1 }",
        std::slice::from_ref(&least),
        overflow(),
    );
    faults("fn f(a: i32) -> i32 { return -a }", &[least], overflow());
}

#[test]
fn a_counter_that_overflows_is_found() {
    let text = "fn f(n: i64) { for i: i32 in 2147483000..n { } }";
    faults(
        text,
        &[int(3_000_000_000)],
        FaultKind::SignedOverflow(Scalar::I32),
    );
}

#[test]
fn division_by_zero_and_wide_shifts_are_found() {
    let zero = [int(1), int(0)];
    faults(
        "fn f(a: u32, b: u32) -> u32 { return a / b }",
        &zero,
        FaultKind::DivisionByZero,
    );
    faults(
        "fn f(a: i64, b: i64) -> i64 { return a % b }",
        &zero,
        FaultKind::DivisionByZero,
    );
    let shift = FaultKind::ShiftAmount {
        amount: 32,
        bits: 32,
    };
    faults(
        "fn f(a: u32, b: i32) -> u32 { return a << b }",
        &[int(1), int(32)],
        shift,
    );
}

#[test]
fn a_float_that_does_not_fit_is_found() {
    let text = "fn f(a: f64) -> i32 { return i32(a) }";
    returns(text, &[Value::F64(-2.9)], int(-2));
    let fault = FaultKind::FloatToInteger {
        value: 3e9,
        to: Scalar::I32,
    };
    faults(text, &[Value::F64(3e9)], fault);
}

#[test]
fn a_subscript_stays_within_its_own_dimension() {
    let text = "fn f(j: i64) -> i32 {
        var a: i32[4][5]
        for i: i64 in 0i64..4i64 { for k: i64 in 0i64..5i64 { S0: a[i][k] = 1 } }
        return a[0i64][j]
    }";
    returns(text, &[int(4)], int(1));
    faults(
        text,
        &[int(5)],
        FaultKind::Subscript {
            index: 5,
            length: 5,
        },
    );
    faults(
        text,
        &[int(-1)],
        FaultKind::Subscript {
            index: -1,
            length: 5,
        },
    );
}

#[test]
fn pointers_stay_within_their_object() {
    let text = "fn f(k: i64) -> i32 {
        var a: i32[4]
        var p: *i32
        S0: a[0] = 3
        S1: p = &a[0] + k
        return p[-k]
    }";
    returns(text, &[int(4)], int(3));
    let range = |offset| FaultKind::PointerOutOfRange {
        object: "a".to_owned(),
        offset,
        size_bytes: 16,
    };
    faults(text, &[int(5)], range(20));
    faults(text, &[int(-1)], range(-4));
    let text = "fn f() -> i32 {
        var a: i32[4]
        var p: *i32
        S0: p = &a[0]
        return p[4]
    }";
    let out = FaultKind::OutOfBounds {
        object: "a".to_owned(),
        offset: 16,
        end: 20,
        size_bytes: 16,
    };
    faults(text, &[], out);
}

#[test]
fn values_are_stored_before_they_are_read() {
    let scalar = "fn f() -> i32 { var a: i32 return a }";
    faults(scalar, &[], FaultKind::Uninitialised("a".to_owned()));
    let element = "fn f() -> i32 { var a: i32[2] S0: a[0] = 1 return a[1] }";
    faults(element, &[], FaultKind::Uninitialised("a".to_owned()));
    let again = "fn f() -> i32 {
        var sum: i32
        S0: sum = 0
        for i: i32 in 0..2 {
            var t: i32
            if i == 0 { S1: t = 1 }
            S2: sum = sum + t
        }
        return sum
    }";
    faults(again, &[], FaultKind::Uninitialised("t".to_owned()));
}

#[test]
fn objects_are_not_used_after_their_lifetime() {
    let text = "fn f() -> i32 {
        var p: *i32
        if 1 {
            var a: i32[2]
            S0: a[0] = 1
            S1: p = &a[0]
        }
        return p[0]
    }";
    faults(text, &[], FaultKind::DeadObject("a".to_owned()));
    let freed = "fn f() -> i32 {
        var p: *i32
        call p = malloc(4u64)
        S0: p[0] = 1
        call free(p)
        return p[0]
    }";
    let dead = FaultKind::DeadObject("allocated memory".to_owned());
    faults(freed, &[], dead);
}

#[test]
fn null_and_foreign_pointers_are_found() {
    let text = "fn f(p: *i32) -> i32 { return p[0] }";
    faults(text, &[Value::Pointer(None)], FaultKind::NullPointer);
    let text = "fn f() -> i32 {
        var a: i32[2]
        var b: i32[2]
        return &a[0] < &b[0]
    }";
    let fault = FaultKind::DifferentObjects("a".to_owned(), "b".to_owned());
    faults(text, &[], fault);
    let text = "fn f() -> i32 {
        var a: i32[2]
        var b: i32[2]
        return &a[0] == &b[0]
    }";
    returns(text, &[], int(0));
}

#[test]
fn unaligned_accesses_are_found() {
    let text = "fn f() -> i32 {
        var a: u8[8]
        var p: *i32
        S0: p = (*i32)(&a[1])
        return p[0]
    }";
    let fault = FaultKind::Misaligned {
        object: "a".to_owned(),
        offset: 1,
        alignment: 4,
    };
    faults(text, &[], fault);
}

#[test]
fn what_is_unknown_is_refused_rather_than_guessed() {
    let unknown = call("fn f() { call g() }", &[]).unwrap_err();
    assert_eq!(unknown, FaultKind::UnknownFunction("g".to_owned()));
    assert_eq!(unknown.class(), FaultClass::Unsupported);
    let global = call("fn f() -> i32 { global g: i32 return g }", &[]).unwrap_err();
    assert_eq!(global.class(), FaultClass::Unsupported);
}

#[test]
fn limits_end_what_would_not() {
    let endless = module("fn f() { while 1 { } }");
    let (function, _) = endless.functions.iter().next().unwrap();
    let limits = Limits {
        statements: 1_000,
        ..Limits::default()
    };
    let mut machine = Machine::new(&endless).with_limits(limits);
    let fault: Fault = machine.run(function, &[]).unwrap_err();
    assert_eq!(fault.kind, FaultKind::StatementLimit(1_000));
    assert_eq!(fault.kind.class(), FaultClass::Limit);

    // At the default depth the interpreter must not exhaust the stack of a test's thread.
    let deep = "fn f(n: i32) -> i32 {
        var a: i32
        if n > 0 { call a = f(n - 1) }
        return 0
    }";
    let depth = Limits::default().nesting;
    faults(deep, &[int(100_000)], FaultKind::NestingLimit(depth));

    let large = "fn f() { var p: *i32 call p = malloc(1000000000000u64) }";
    let limit = Limits::default().memory_bytes;
    faults(large, &[], FaultKind::MemoryLimit(limit));
}

#[test]
fn arguments_must_fit_the_function() {
    let text = "fn f(n: u8) -> i32 { return i32(n) }";
    returns(text, &[int(255)], int(255));
    faults(text, &[int(256)], FaultKind::Arguments("f".to_owned()));
    faults(text, &[], FaultKind::Arguments("f".to_owned()));
}

#[test]
fn globals_keep_their_values_between_calls() {
    let module = module("fn f() -> i32 { global count: i32 S0: count = count + 1 return count }");
    let (function, _) = module.functions.iter().next().unwrap();
    let mut machine = Machine::new(&module);
    let zero = Bytes {
        data: vec![0; 4],
        is_set: vec![true; 4],
    };
    machine.global("count", &zero).unwrap();
    assert_eq!(machine.run(function, &[]), Ok(Some(int(1))));
    assert_eq!(machine.run(function, &[]), Ok(Some(int(2))));
}

#[test]
fn parallel_iterations_run_in_the_order_that_is_asked_for() {
    let text = "fn f(n: i32, x: *i32) {
        var next: i32
        S0: next = 0
        for i: i32 in 0..n on block.x {
            S1: x[i64(i)] = next
            S2: next = next + 1
        }
    }";
    let module = parse::module(text).unwrap();
    let (function, _) = module.functions.iter().next().unwrap();
    let run = |order: Order| {
        let mut machine = Machine::new(&module).with_order(order);
        let x = ints(&mut machine, &[0; 6]);
        machine
            .run(function, &[int(6), Value::Pointer(Some(x))])
            .unwrap();
        read_ints(&machine, x)
    };
    assert_eq!(run(Order::Ascending), [0, 1, 2, 3, 4, 5]);
    assert_eq!(run(Order::Descending), [5, 4, 3, 2, 1, 0]);
    let shuffled = run(Order::Shuffled(1));
    assert_eq!(shuffled, run(Order::Shuffled(1)));
    assert!(!shuffled.is_sorted());
    let mut sorted = shuffled;
    sorted.sort_unstable();
    assert_eq!(sorted, [0, 1, 2, 3, 4, 5]);
}
