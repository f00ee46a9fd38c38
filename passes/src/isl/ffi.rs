//! The functions of libisl that the wrapper calls, as its headers declare them.
//!
//! “Takes” means that the callee frees the argument, even when it fails; “gives” that the caller frees the result.
//! A failing function that gives returns null; `isl_bool` and `isl_size` are negative on failure.

use std::ffi::{c_char, c_int, c_long, c_uint, c_ulong};

macro_rules! opaque {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            #[repr(C)]
            pub(super) struct $name {
                _opaque: [u8; 0],
            }
        )*
    };
}

opaque! {
    /// The owner of everything else.
    isl_ctx,
    /// A set of integer tuples.
    isl_set,
    /// A relation between integer tuples.
    isl_map,
    /// A piecewise quasi-affine expression.
    isl_pw_aff,
    /// Equations and inequalities that hold together.
    isl_basic_set,
    /// The same between two tuples.
    isl_basic_map,
    /// How many parameters and dimensions there are, and their names.
    isl_space,
    /// Rows of integers.
    isl_mat,
    /// A tuple of integers.
    isl_point,
    /// An integer.
    isl_val,
    /// A name.
    isl_id,
    /// Where an expression is going to be evaluated.
    isl_ast_build,
    /// An expression as a tree.
    isl_ast_expr,
}

/// `enum isl_dim_type`: the constant.
pub(super) const DIM_CONSTANT: c_int = 0;
/// `enum isl_dim_type`: values that only exist.
pub(super) const DIM_DIV: c_int = 4;
/// `enum isl_dim_type`: parameters.
pub(super) const DIM_PARAM: c_int = 1;
/// `enum isl_dim_type`: the domain of a map.
pub(super) const DIM_IN: c_int = 2;
/// `enum isl_dim_type`: the range of a map, and the dimensions of a set.
pub(super) const DIM_OUT: c_int = 3;
/// `ISL_ON_ERROR_CONTINUE`: failures are reported by return values alone.
pub(super) const ON_ERROR_CONTINUE: c_int = 1;
/// `isl_error_quota`: the operation budget is spent.
pub(super) const ERROR_QUOTA: c_int = 6;
/// `isl_error_none`.
pub(super) const ERROR_NONE: c_int = 0;

unsafe extern "C" {
    pub(super) fn free(memory: *mut c_char);

    pub(super) fn isl_version() -> *const c_char;
    pub(super) fn isl_ctx_alloc() -> *mut isl_ctx;
    pub(super) fn isl_ctx_free(ctx: *mut isl_ctx);
    pub(super) fn isl_options_set_on_error(ctx: *mut isl_ctx, value: c_int) -> c_int;
    pub(super) fn isl_ctx_set_max_operations(ctx: *mut isl_ctx, max: c_ulong);
    pub(super) fn isl_ctx_get_max_operations(ctx: *mut isl_ctx) -> c_ulong;
    pub(super) fn isl_ctx_reset_operations(ctx: *mut isl_ctx);
    pub(super) fn isl_ctx_reset_error(ctx: *mut isl_ctx);
    pub(super) fn isl_ctx_last_error(ctx: *mut isl_ctx) -> c_int;
    pub(super) fn isl_ctx_last_error_msg(ctx: *mut isl_ctx) -> *const c_char;

    pub(super) fn isl_set_copy(set: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_free(set: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_read_from_str(ctx: *mut isl_ctx, text: *const c_char) -> *mut isl_set;
    pub(super) fn isl_set_to_str(set: *mut isl_set) -> *mut c_char;
    pub(super) fn isl_set_dim(set: *mut isl_set, kind: c_int) -> c_int;
    pub(super) fn isl_set_get_dim_name(
        set: *mut isl_set,
        kind: c_int,
        pos: c_uint,
    ) -> *const c_char;
    pub(super) fn isl_set_find_dim_by_name(
        set: *mut isl_set,
        kind: c_int,
        name: *const c_char,
    ) -> c_int;
    pub(super) fn isl_set_union(a: *mut isl_set, b: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_intersect(a: *mut isl_set, b: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_intersect_params(a: *mut isl_set, b: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_subtract(a: *mut isl_set, b: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_gist(a: *mut isl_set, context: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_apply(set: *mut isl_set, map: *mut isl_map) -> *mut isl_set;
    pub(super) fn isl_set_params(set: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_coalesce(set: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_lexmin(set: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_lexmax(set: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_flatten(set: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_identity(set: *mut isl_set) -> *mut isl_map;
    pub(super) fn isl_set_reset_tuple_id(set: *mut isl_set) -> *mut isl_set;
    pub(super) fn isl_set_set_tuple_name(set: *mut isl_set, name: *const c_char) -> *mut isl_set;
    pub(super) fn isl_set_project_out(
        set: *mut isl_set,
        kind: c_int,
        first: c_uint,
        count: c_uint,
    ) -> *mut isl_set;
    pub(super) fn isl_set_insert_dims(
        set: *mut isl_set,
        kind: c_int,
        pos: c_uint,
        count: c_uint,
    ) -> *mut isl_set;
    pub(super) fn isl_set_move_dims(
        set: *mut isl_set,
        to: c_int,
        to_pos: c_uint,
        from: c_int,
        from_pos: c_uint,
        count: c_uint,
    ) -> *mut isl_set;
    pub(super) fn isl_set_lower_bound_si(
        set: *mut isl_set,
        kind: c_int,
        pos: c_uint,
        value: c_int,
    ) -> *mut isl_set;
    pub(super) fn isl_set_upper_bound_si(
        set: *mut isl_set,
        kind: c_int,
        pos: c_uint,
        value: c_int,
    ) -> *mut isl_set;
    pub(super) fn isl_set_sample_point(set: *mut isl_set) -> *mut isl_point;
    pub(super) fn isl_set_is_empty(set: *mut isl_set) -> c_int;
    pub(super) fn isl_set_is_bounded(set: *mut isl_set) -> c_int;
    pub(super) fn isl_set_is_equal(a: *mut isl_set, b: *mut isl_set) -> c_int;
    pub(super) fn isl_set_is_subset(a: *mut isl_set, b: *mut isl_set) -> c_int;
    pub(super) fn isl_set_dim_min(set: *mut isl_set, pos: c_int) -> *mut isl_pw_aff;
    pub(super) fn isl_set_dim_max(set: *mut isl_set, pos: c_int) -> *mut isl_pw_aff;

    pub(super) fn isl_map_copy(map: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_free(map: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_read_from_str(ctx: *mut isl_ctx, text: *const c_char) -> *mut isl_map;
    pub(super) fn isl_map_to_str(map: *mut isl_map) -> *mut c_char;
    pub(super) fn isl_map_dim(map: *mut isl_map, kind: c_int) -> c_int;
    pub(super) fn isl_map_find_dim_by_name(
        map: *mut isl_map,
        kind: c_int,
        name: *const c_char,
    ) -> c_int;
    pub(super) fn isl_map_union(a: *mut isl_map, b: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_intersect(a: *mut isl_map, b: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_subtract(a: *mut isl_map, b: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_intersect_domain(a: *mut isl_map, b: *mut isl_set) -> *mut isl_map;
    pub(super) fn isl_map_intersect_range(a: *mut isl_map, b: *mut isl_set) -> *mut isl_map;
    pub(super) fn isl_map_intersect_params(a: *mut isl_map, b: *mut isl_set) -> *mut isl_map;
    pub(super) fn isl_map_apply_range(a: *mut isl_map, b: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_domain(map: *mut isl_map) -> *mut isl_set;
    pub(super) fn isl_map_range(map: *mut isl_map) -> *mut isl_set;
    pub(super) fn isl_map_params(map: *mut isl_map) -> *mut isl_set;
    pub(super) fn isl_map_reverse(map: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_coalesce(map: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_lexmin(map: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_lexmax(map: *mut isl_map) -> *mut isl_map;
    pub(super) fn isl_map_deltas(map: *mut isl_map) -> *mut isl_set;
    pub(super) fn isl_map_set_tuple_name(
        map: *mut isl_map,
        kind: c_int,
        name: *const c_char,
    ) -> *mut isl_map;
    pub(super) fn isl_map_wrap(map: *mut isl_map) -> *mut isl_set;
    pub(super) fn isl_map_from_domain_and_range(a: *mut isl_set, b: *mut isl_set) -> *mut isl_map;
    pub(super) fn isl_map_project_out(
        map: *mut isl_map,
        kind: c_int,
        first: c_uint,
        count: c_uint,
    ) -> *mut isl_map;
    pub(super) fn isl_map_is_empty(map: *mut isl_map) -> c_int;
    pub(super) fn isl_map_is_single_valued(map: *mut isl_map) -> c_int;
    pub(super) fn isl_map_is_injective(map: *mut isl_map) -> c_int;
    pub(super) fn isl_map_is_equal(a: *mut isl_map, b: *mut isl_map) -> c_int;
    pub(super) fn isl_map_is_subset(a: *mut isl_map, b: *mut isl_map) -> c_int;

    pub(super) fn isl_set_empty(space: *mut isl_space) -> *mut isl_set;
    pub(super) fn isl_map_empty(space: *mut isl_space) -> *mut isl_map;
    pub(super) fn isl_set_from_basic_set(set: *mut isl_basic_set) -> *mut isl_set;
    pub(super) fn isl_map_from_basic_map(map: *mut isl_basic_map) -> *mut isl_map;
    pub(super) fn isl_basic_set_from_constraint_matrices(
        space: *mut isl_space,
        equal: *mut isl_mat,
        not_negative: *mut isl_mat,
        first: c_int,
        second: c_int,
        third: c_int,
        fourth: c_int,
    ) -> *mut isl_basic_set;
    pub(super) fn isl_basic_map_from_constraint_matrices(
        space: *mut isl_space,
        equal: *mut isl_mat,
        not_negative: *mut isl_mat,
        first: c_int,
        second: c_int,
        third: c_int,
        fourth: c_int,
        fifth: c_int,
    ) -> *mut isl_basic_map;

    pub(super) fn isl_space_alloc(
        ctx: *mut isl_ctx,
        parameters: c_uint,
        first: c_uint,
        second: c_uint,
    ) -> *mut isl_space;
    pub(super) fn isl_space_set_alloc(
        ctx: *mut isl_ctx,
        parameters: c_uint,
        dimensions: c_uint,
    ) -> *mut isl_space;
    pub(super) fn isl_space_params_alloc(ctx: *mut isl_ctx, parameters: c_uint) -> *mut isl_space;
    pub(super) fn isl_space_set_dim_name(
        space: *mut isl_space,
        kind: c_int,
        pos: c_uint,
        name: *const c_char,
    ) -> *mut isl_space;
    pub(super) fn isl_space_set_tuple_name(
        space: *mut isl_space,
        kind: c_int,
        name: *const c_char,
    ) -> *mut isl_space;

    pub(super) fn isl_mat_alloc(ctx: *mut isl_ctx, rows: c_uint, columns: c_uint) -> *mut isl_mat;
    pub(super) fn isl_mat_set_element_si(
        matrix: *mut isl_mat,
        row: c_int,
        column: c_int,
        value: c_int,
    ) -> *mut isl_mat;
    pub(super) fn isl_mat_set_element_val(
        matrix: *mut isl_mat,
        row: c_int,
        column: c_int,
        value: *mut isl_val,
    ) -> *mut isl_mat;
    pub(super) fn isl_val_int_from_si(ctx: *mut isl_ctx, value: c_long) -> *mut isl_val;

    pub(super) fn isl_pw_aff_copy(aff: *mut isl_pw_aff) -> *mut isl_pw_aff;
    pub(super) fn isl_pw_aff_free(aff: *mut isl_pw_aff) -> *mut isl_pw_aff;

    pub(super) fn isl_point_copy(point: *mut isl_point) -> *mut isl_point;
    pub(super) fn isl_point_free(point: *mut isl_point) -> *mut isl_point;
    pub(super) fn isl_point_is_void(point: *mut isl_point) -> c_int;
    pub(super) fn isl_point_get_coordinate_val(
        point: *mut isl_point,
        kind: c_int,
        pos: c_int,
    ) -> *mut isl_val;

    pub(super) fn isl_val_copy(value: *mut isl_val) -> *mut isl_val;
    pub(super) fn isl_val_free(value: *mut isl_val) -> *mut isl_val;
    pub(super) fn isl_val_get_num_si(value: *mut isl_val) -> c_long;

    pub(super) fn isl_id_copy(id: *mut isl_id) -> *mut isl_id;
    pub(super) fn isl_id_free(id: *mut isl_id) -> *mut isl_id;
    pub(super) fn isl_id_get_name(id: *mut isl_id) -> *const c_char;

    pub(super) fn isl_ast_build_copy(build: *mut isl_ast_build) -> *mut isl_ast_build;
    pub(super) fn isl_ast_build_free(build: *mut isl_ast_build) -> *mut isl_ast_build;
    pub(super) fn isl_ast_build_from_context(set: *mut isl_set) -> *mut isl_ast_build;
    pub(super) fn isl_ast_build_expr_from_set(
        build: *mut isl_ast_build,
        set: *mut isl_set,
    ) -> *mut isl_ast_expr;
    pub(super) fn isl_ast_build_expr_from_pw_aff(
        build: *mut isl_ast_build,
        aff: *mut isl_pw_aff,
    ) -> *mut isl_ast_expr;

    pub(super) fn isl_ast_expr_copy(expr: *mut isl_ast_expr) -> *mut isl_ast_expr;
    pub(super) fn isl_ast_expr_free(expr: *mut isl_ast_expr) -> *mut isl_ast_expr;
    pub(super) fn isl_ast_expr_get_type(expr: *mut isl_ast_expr) -> c_int;
    pub(super) fn isl_ast_expr_int_get_val(expr: *mut isl_ast_expr) -> *mut isl_val;
    pub(super) fn isl_ast_expr_id_get_id(expr: *mut isl_ast_expr) -> *mut isl_id;
    pub(super) fn isl_ast_expr_op_get_type(expr: *mut isl_ast_expr) -> c_int;
    pub(super) fn isl_ast_expr_op_get_n_arg(expr: *mut isl_ast_expr) -> c_int;
    pub(super) fn isl_ast_expr_op_get_arg(expr: *mut isl_ast_expr, pos: c_int)
    -> *mut isl_ast_expr;
}
