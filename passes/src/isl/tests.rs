//! The wrapper against answers worked out by hand.

use super::{Context, Error, Expression, Map, Operator, Set};

fn set(context: &Context, text: &str) -> Set {
    Set::parse(context, text).unwrap()
}

fn map(context: &Context, text: &str) -> Map {
    Map::parse(context, text).unwrap()
}

#[test]
fn malformed_text_is_an_error_with_isls_words() {
    let context = Context::new().unwrap();
    let error = Set::parse(&context, "{ oops ").unwrap_err();
    assert!(
        matches!(error, Error::Failed(ref words) if !words.is_empty()),
        "{error:?}"
    );
    // The context stays usable.
    assert!(!set(&context, "{ [i] : i = 1 }").is_empty().unwrap());
}

#[test]
fn sets_have_the_usual_algebra() {
    let context = Context::new().unwrap();
    let all = set(&context, "[n] -> { S[i] : 0 <= i < n }");
    let even = set(&context, "{ S[i] : i mod 2 = 0 }");
    let odd = all.subtract(&even).unwrap();
    assert!(odd.intersect(&even).unwrap().is_empty().unwrap());
    let both = odd.union(&all.intersect(&even).unwrap()).unwrap();
    assert!(both.is_equal(&all).unwrap());
    assert!(odd.is_subset(&all).unwrap() && !all.is_subset(&odd).unwrap());
    assert_eq!(all.dimensions().unwrap(), 1);
    assert_eq!(all.parameters().unwrap(), ["n"]);
}

#[test]
fn maps_compose_and_reverse() {
    let context = Context::new().unwrap();
    let next = map(&context, "{ [i] -> [i + 1] }");
    let double = map(&context, "{ [i] -> [2i] }");
    let first_next = next.apply_range(&double).unwrap();
    assert!(
        first_next
            .is_equal(&map(&context, "{ [i] -> [2i + 2] }"))
            .unwrap()
    );
    assert!(first_next.is_injective().unwrap() && first_next.is_single_valued().unwrap());
    assert!(
        next.reverse()
            .unwrap()
            .is_equal(&map(&context, "{ [i] -> [i - 1] }"))
            .unwrap()
    );
    assert!(
        !map(&context, "{ [i] -> [j] : 2j <= i }")
            .is_injective()
            .unwrap()
    );
}

#[test]
fn a_sample_prefers_small_parameters_and_iterations() {
    let context = Context::new().unwrap();
    let carried = map(
        &context,
        "[n, other] -> { S[i] -> S[i + 1] : 1 <= i < n - 1 and -2147483648 <= other <= 2147483647 }",
    );
    let pair = carried.sample().unwrap().unwrap();
    assert_eq!((pair.source, pair.sink), (vec![1], vec![2]));
    assert_eq!(pair.parameters["n"], 3);
    assert_eq!(pair.parameters["other"], 0);
    assert_eq!(
        map(&context, "{ [i] -> [j] : i < j < i }")
            .sample()
            .unwrap(),
        None
    );
}

#[test]
fn a_sample_of_large_values_is_found_too() {
    let context = Context::new().unwrap();
    let far = set(&context, "[n] -> { [i] : i > 100000 and n > i }");
    let point = far.sample().unwrap().unwrap();
    assert!(point.tuple[0] > 100_000 && point.parameters["n"] > point.tuple[0]);
}

#[test]
fn extremes_become_expressions() {
    let context = Context::new().unwrap();
    let touched = set(&context, "[n] -> { [i] : 1 <= i < n - 1 }");
    let runs = set(&context, "[n] -> { : n > 2 }");
    assert_eq!(touched.minimum(0, &runs).unwrap(), Expression::Integer(1));
    let greatest = touched.maximum(0, &runs).unwrap();
    assert_eq!(
        greatest,
        Expression::Apply(
            Operator::Subtract,
            vec![Expression::Name("n".into()), Expression::Integer(2)]
        )
    );
    // Without the context, the set is empty for small n and has no greatest element.
    let anything = set(&context, "[n] -> { : }");
    assert!(touched.maximum(0, &anything).is_err());
}

#[test]
fn conditions_become_expressions() {
    let context = Context::new().unwrap();
    let runs = set(&context, "[n] -> { : n > 2 }");
    let anything = set(&context, "[n] -> { : }");
    let condition = runs.condition(&anything).unwrap();
    assert_eq!(
        condition,
        Expression::Apply(
            Operator::GreaterEqual,
            vec![Expression::Name("n".into()), Expression::Integer(3)]
        )
    );
}

#[test]
fn the_budget_ends_a_query_with_its_own_error() {
    let context = Context::new().unwrap();
    let text = "[n] -> { [i, j] : exists a, b : 3a + 5b <= i and 7a - 2b >= j and 0 <= i, j < n }";
    context.limit_operations(20);
    assert_eq!(Set::parse(&context, text).unwrap_err(), Error::SolverLimit);
    context.limit_operations(Context::OPERATIONS);
    assert!(!set(&context, text).is_empty().unwrap());
}

#[test]
fn sets_of_two_contexts_do_not_mix() {
    let (a, b) = (Context::new().unwrap(), Context::new().unwrap());
    let error = set(&a, "{ [i] }").union(&set(&b, "{ [i] }")).unwrap_err();
    assert_eq!(error, Error::ForeignContext);
}

#[test]
fn parameters_are_projected_by_name() {
    let context = Context::new().unwrap();
    let every = set(&context, "[n, m] -> { [i] : 0 <= i < n and m = i }");
    let some = every.project_out_parameter("n").unwrap();
    assert!(
        some.is_equal(&set(&context, "[m] -> { [i] : i >= 0 and m = i }"))
            .unwrap()
    );
    assert!(
        some.project_out_parameter("k")
            .unwrap()
            .is_equal(&some)
            .unwrap()
    );
}

#[test]
fn a_text_that_is_read_again_is_a_set_of_its_own() {
    let context = Context::new().unwrap();
    let text = "[n] -> { [i] : 0 <= i < n }";
    let first = set(&context, text);
    let smaller = first.intersect(&set(&context, "{ [i] : i < 3 }")).unwrap();
    let again = set(&context, text);
    assert!(first.is_equal(&again).unwrap());
    assert!(!smaller.is_equal(&again).unwrap());
    for _ in 0..2 {
        assert!(Set::parse(&context, "{ oops ").is_err());
    }
    drop(context);
    assert!(!again.is_empty().unwrap());
}

#[test]
fn more_texts_than_are_kept_can_be_read() {
    let context = Context::new().unwrap();
    let first = set(&context, "{ [0] }");
    for number in 0..10_000 {
        set(&context, &format!("{{ [{number}] }}"));
    }
    assert!(first.is_equal(&set(&context, "{ [0] }")).unwrap());
}

#[test]
fn threads_take_turns_in_one_context() {
    let context = Context::new().unwrap();
    let all = set(&context, "[n] -> { [i] : 0 <= i < n }");
    let work = |number: i32| {
        let mut joined = set(&context, "[n] -> { [i] : 1 = 0 }");
        for at in 0..100 {
            let part = set(&context, &format!("{{ [i] : i mod 100 = {at} }}"));
            joined = joined.union(&all.intersect(&part).unwrap()).unwrap();
            joined = joined.clone().coalesce().unwrap();
        }
        let beyond = set(
            &context,
            &format!("[n] -> {{ [i] : n <= i < n + {number} }}"),
        );
        let both = joined.union(&beyond).unwrap();
        let more = both.subtract(&all).unwrap();
        (joined.is_equal(&all).unwrap(), more.is_empty().unwrap())
    };
    let found = mupac_ir::parallel::map(&[0, 1, 2, 3], |number| work(*number));
    assert_eq!(
        found,
        [(true, true), (true, false), (true, false), (true, false)]
    );
}
