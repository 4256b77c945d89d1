/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The kernels of every operation of the table, for the instruction set that
 * the compiler is told to use: this file is compiled once for each, with
 * AG_CPU_KERNELS the name of the table it makes. All of them compute the same
 * bits: the order of additions is fixed, and no product and sum are fused into
 * one rounding. */

#include "device/cpu-kernels.h"

#include "device/cpu-math.h"
#include "device/cpu-vectors.h"

#include <string.h>

AG_CPU_DEFINE_SUMS (float, f32)
AG_CPU_DEFINE_SUMS (double, f64)

#define T float
#define NAMED(name) name##_f32
#include "device/cpu-kernels-dtype.h"
#undef T
#undef NAMED

#define T double
#define NAMED(name) name##_f64
#include "device/cpu-kernels-dtype.h"
#undef T
#undef NAMED

/* Integers are never computed with, only copied. */

static void
copy_int64 (void *out,
            const void *a,
            const void *b,
            const void *c,
            gint n)
{
  memcpy (out, a, sizeof (gint64) * (gsize) n);
}

static void
fill_int64 (void *out,
            const void *a,
            const void *b,
            const void *c,
            gint n)
{
  for (gint i = 0; i < n; i++)
    ((gint64 *) out)[i] = *(const gint64 *) a;
}

const AgCpuKernels AG_CPU_KERNELS = {
  .map = {
#define AG_UNARY(name, formula, da) [AG_OP_##name] = { map_##name##_f32 },
#define AG_TERNARY(name, formula, da, db, dc) [AG_OP_##name] = { map_##name##_f32 },
#define AG_BINARY(name, formula, da, db) \
  [AG_OP_##name] = { map_##name##_vv_f32, map_##name##_vs_f32, map_##name##_sv_f32 },
    [AG_DTYPE_FLOAT32] = {
      [AG_OP_identity] = { map_identity_f32, fill_f32 },
#include "plan/ops.def"
    },
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
#define AG_UNARY(name, formula, da) [AG_OP_##name] = { map_##name##_f64 },
#define AG_TERNARY(name, formula, da, db, dc) [AG_OP_##name] = { map_##name##_f64 },
#define AG_BINARY(name, formula, da, db) \
  [AG_OP_##name] = { map_##name##_vv_f64, map_##name##_vs_f64, map_##name##_sv_f64 },
    [AG_DTYPE_FLOAT64] = {
      [AG_OP_identity] = { map_identity_f64, fill_f64 },
#include "plan/ops.def"
    },
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
    [AG_DTYPE_INT64] = {
      [AG_OP_identity] = { copy_int64, fill_int64 },
    },
  },
  .sum = {
#define AG_UNARY(name, formula, da) [AG_OP_##name] = { sum_##name##_f32 },
#define AG_TERNARY(name, formula, da, db, dc)
#define AG_BINARY(name, formula, da, db) \
  [AG_OP_##name] = { sum_##name##_vv_f32, sum_##name##_vs_f32, sum_##name##_sv_f32 },
    [AG_DTYPE_FLOAT32] = {
      [AG_OP_identity] = { sum_identity_f32 },
#include "plan/ops.def"
    },
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
#define AG_UNARY(name, formula, da) [AG_OP_##name] = { sum_##name##_f64 },
#define AG_TERNARY(name, formula, da, db, dc)
#define AG_BINARY(name, formula, da, db) \
  [AG_OP_##name] = { sum_##name##_vv_f64, sum_##name##_vs_f64, sum_##name##_sv_f64 },
    [AG_DTYPE_FLOAT64] = {
      [AG_OP_identity] = { sum_identity_f64 },
#include "plan/ops.def"
    },
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY
  },
  .rows_times = {
    { NULL, rows_times_1_f32, rows_times_2_f32, rows_times_3_f32, rows_times_4_f32 },
    { NULL, rows_times_1_f64, rows_times_2_f64, rows_times_3_f64, rows_times_4_f64 },
  },
  .split = {
    { NULL, split_1_f32, split_2_f32, split_3_f32, split_4_f32 },
    { NULL, split_1_f64, split_2_f64, split_3_f64, split_4_f64 },
  },
  .contract = {
    { contract_vv_f32, contract_vs_f32, contract_sv_f32 },
    { contract_vv_f64, contract_vs_f64, contract_sv_f64 },
  },
  .sum_end = { sum_end_f32, sum_end_f64 },
  .multiply_add = {
    {
      { multiply_add_vv_v_f32, multiply_add_vv_s_f32 },
      { multiply_add_vs_v_f32, multiply_add_vs_s_f32 },
      { multiply_add_sv_v_f32, multiply_add_sv_s_f32 },
    },
    {
      { multiply_add_vv_v_f64, multiply_add_vv_s_f64 },
      { multiply_add_vs_v_f64, multiply_add_vs_s_f64 },
      { multiply_add_sv_v_f64, multiply_add_sv_s_f64 },
    },
  },
  .cast = {
    [AG_DTYPE_FLOAT32] = { cast_float32_f32, cast_float32_f64 },
    [AG_DTYPE_FLOAT64] = { cast_float64_f32, cast_float64_f64 },
    [AG_DTYPE_INT64] = { cast_int64_f32, cast_int64_f64 },
  },
  .n_runs = AG_RUNS >= AG_LEAST_RUNS ? AG_RUNS : 0,
  .arguments = AG_CPU_ARGUMENTS,
  .built_in = AG_CPU_BUILT_IN,
};
