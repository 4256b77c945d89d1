/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/device.h"
#include "optim/optimizer.h"
#include "program/program.h"

G_BEGIN_DECLS

/**
 * AgInit:
 * @AG_INIT_SEED: drawn as PyTorch, NumPy or Python would draw them
 * @AG_INIT_PUBLISHED: recovered from the tutorial's printed run
 * @AG_INIT_VALUES: given one by one; those not given are drawn
 *
 * Where a run's initial coefficients come from.
 */
typedef enum
{
  AG_INIT_SEED,
  AG_INIT_PUBLISHED,
  AG_INIT_VALUES,
} AgInit;

#define AG_RUN_MAX_STEPS G_GINT64_CONSTANT (1000000000000)
#define AG_RUN_MAX_POINTS G_GINT64_CONSTANT (1000000000)
#define AG_RUN_MAX_THREADS AG_DEVICE_MAX_THREADS

/* In steps per second: a step in twelve days. */
#define AG_RUN_MIN_PACE 1e-6

/**
 * AgRunSpec:
 * @program: which program
 * @optimizer: which optimizer
 * @learning_rate: the rate, above 0
 * @options: the optimizer's options, in its class's order
 * @steps: number of steps to take, at least 1
 * @target: the function to fit, as ag_expression_parse() reads it
 * @x_minimum: where the data begin
 * @x_maximum: where they end, above @x_minimum
 * @points: number of data points, evenly spaced, at least 2
 * @seed: seed of the generators, at most what the program's takes
 * @dtype: float32 or float64
 * @init: where the initial coefficients come from
 * @values: those of %AG_INIT_VALUES, NaN where drawn
 * @device: id of the device, "cpu" or "cuda"
 * @n_threads: CPU threads, at most %AG_RUN_MAX_THREADS, 0 for as many as pay
 * @pace: steps per second at most, from %AG_RUN_MIN_PACE, or 0 for no limit
 *
 * Everything that decides a run's numbers, as a plain value: copied by
 * assignment, owned by nobody. (@target and @device point to strings that live
 * as long as the process.)
 */
typedef struct
{
  const AgProgramClass *program;
  const AgOptimizerClass *optimizer;
  double learning_rate;
  double options[AG_OPTIMIZER_MAX_OPTIONS];
  gint64 steps;
  const char *target;
  double x_minimum;
  double x_maximum;
  gint64 points;
  guint64 seed;
  AgDType dtype;
  AgInit init;
  double values[AG_PROGRAM_MAX_PARAMETERS];
  const char *device;
  guint n_threads;
  double pace;
} AgRunSpec;

void ag_run_spec_init (AgRunSpec *spec,
                       const AgProgramClass *program);
double ag_run_spec_default_rate (const AgProgramClass *program,
                                 const AgOptimizerClass *optimizer);
void ag_run_spec_set_optimizer (AgRunSpec *spec,
                                const AgOptimizerClass *optimizer);
gboolean ag_run_spec_parse_init (AgRunSpec *spec,
                                 const char *text,
                                 GError **error);
gboolean ag_optimizer_option_check (const AgOptimizerClass *klass,
                                    guint option,
                                    double value,
                                    GError **error);
gboolean ag_run_spec_pace_check (double pace,
                                 GError **error);
gboolean ag_optimizer_options_check (const AgOptimizerClass *klass,
                                     const double *options,
                                     guint *wrong,
                                     GError **error);
gboolean ag_run_spec_set_target (AgRunSpec *spec,
                                 const char *formula,
                                 GError **error);
AgData *ag_run_spec_data (const AgRunSpec *spec,
                          GError **error);
gboolean ag_run_spec_check (const AgRunSpec *spec,
                            GError **error);
gboolean ag_run_spec_check_learning_rate (const AgRunSpec *spec,
                                          GError **error);
gboolean ag_run_spec_check_steps (const AgRunSpec *spec,
                                  GError **error);
gboolean ag_run_spec_check_points (const AgRunSpec *spec,
                                   GError **error);
gboolean ag_run_spec_check_interval (const AgRunSpec *spec,
                                     GError **error);
gboolean ag_run_spec_check_target (const AgRunSpec *spec,
                                   GError **error);
gboolean ag_run_spec_check_seed (const AgRunSpec *spec,
                                 GError **error);
gboolean ag_run_spec_check_init (const AgRunSpec *spec,
                                 GError **error);
char *ag_run_spec_to_command (const AgRunSpec *spec);

G_END_DECLS
