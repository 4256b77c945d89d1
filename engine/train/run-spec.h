/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/rounding.h"
#include "base/setting-kind.h"
#include "data/data-file.h"
#include "device/device.h"
#include "optim/optimizer.h"
#include "program/program.h"

G_BEGIN_DECLS

#define AG_RUN_MAX_STEPS G_GINT64_CONSTANT (1000000000000)
#define AG_RUN_MIN_POINTS 2
#define AG_RUN_MAX_POINTS G_GINT64_CONSTANT (1000000000)
#define AG_RUN_MAX_TRIES 1000
#define AG_RUN_MAX_THREADS AG_DEVICE_MAX_THREADS

/* In steps per second: a step in twelve days. */
#define AG_RUN_MIN_PACE 1e-6

/**
 * AgScaling:
 * @AG_SCALING_NONE: nothing
 * @AG_SCALING_STANDARD: x and y get mean 0 and deviation 1
 *
 * The ways of changing the points of a file before they are fitted.
 */
typedef enum
{
  AG_SCALING_NONE,
  AG_SCALING_STANDARD,
} AgScaling;

/**
 * AgRunSpec:
 * @program: which program
 * @loss: what the prediction is compared with the target by
 * @delta: of Huber's loss, where squares end
 * @optimizer: which optimizer
 * @lr: the rate, above 0
 * @options: the optimizer's options, in its class's order
 * @steps: number of steps to take, at least 1
 * @data: path of the file whose points are fitted; empty for @target's
 * @x: name or number of the file's column of x; empty for the first with numbers
 * @y: of the column of y; empty for the next with numbers
 * @delimiter: what separates the file's cells
 * @decimal: the decimal sign of its numbers
 * @scale: what is done with the file's points before they are fitted
 * @target: the function to fit, as ag_expression_parse() reads it
 * @from: where the data begin
 * @to: where they end, above @from
 * @points: number of data points, evenly spaced, at least 2
 * @seed: seed of the generators, at most what the program's takes
 * @tries: how many seeds to try, from @seed on, see ag_run_spec_best_seed()
 * @dtype: float32 or float64
 * @init: where the initial coefficients come from, see ag_run_spec_init_values()
 * @hold: which of them stay as they are, see ag_run_spec_set_hold()
 * @units: the units that they are told in, see ag_run_spec_set_units()
 * @pytorch: whose numbers, where the versions of PyTorch differ
 * @rounding: how often loops over the points round
 * @device: id of the device, "cpu" or "cuda"
 * @n_threads: CPU threads, at most %AG_RUN_MAX_THREADS, 0 for as many as pay
 * @pace: steps per second at most, from %AG_RUN_MIN_PACE, or 0 for no limit
 *
 * Everything that decides a run's numbers, as a plain value: copied by
 * assignment, owned by nobody. (What is text points to strings that live
 * as long as the process.) train/setting.h has a row for each of them.
 */
struct _AgRunSpec
{
  const AgProgramClass *program;
  const AgLoss *loss;
  double delta;
  const AgOptimizerClass *optimizer;
  double lr;
  double options[AG_OPTIMIZER_MAX_OPTIONS];
  gint64 steps;
  const char *data;
  const char *x;
  const char *y;
  AgDelimiter delimiter;
  AgDecimal decimal;
  AgScaling scale;
  const char *target;
  double from;
  double to;
  gint64 points;
  guint64 seed;
  gint64 tries;
  AgDType dtype;
  const char *init;
  const char *hold;
  const char *units;
  AgPyTorch pytorch;
  AgRounding rounding;
  const char *device;
  gint64 n_threads;
  double pace;
};

void ag_run_spec_init (AgRunSpec *spec,
                       const AgProgramClass *program);
double ag_run_spec_default_rate (const AgProgramClass *program,
                                 const AgOptimizerClass *optimizer);
void ag_run_spec_set_optimizer (AgRunSpec *spec,
                                const AgOptimizerClass *optimizer);
double ag_run_spec_option (const AgRunSpec *spec,
                           const char *id);
gboolean ag_run_spec_set_model (AgRunSpec *spec,
                                const char *formula,
                                GError **error);
gboolean ag_run_spec_set_target (AgRunSpec *spec,
                                 const char *formula,
                                 GError **error);
gboolean ag_run_spec_set_data (AgRunSpec *spec,
                               const char *path,
                               GError **error);
gboolean ag_run_spec_has_file (const AgRunSpec *spec);
gboolean ag_run_spec_set_init (AgRunSpec *spec,
                               const char *text,
                               GError **error);
void ag_run_spec_set_init_value (AgRunSpec *spec,
                                 guint parameter,
                                 double value);
gboolean ag_run_spec_add_init (AgRunSpec *spec,
                               const char *text,
                               GError **error);
double *ag_run_spec_init_values (const AgRunSpec *spec);
gboolean ag_run_spec_set_hold (AgRunSpec *spec,
                               const char *text,
                               GError **error);
gboolean ag_run_spec_set_units (AgRunSpec *spec,
                                const char *text,
                                GError **error);
char *ag_run_spec_unit (const AgRunSpec *spec,
                        guint parameter);
gboolean ag_run_spec_is_held (const AgRunSpec *spec,
                              guint parameter);
AgData *ag_run_spec_data (const AgRunSpec *spec,
                          GError **error);
AgData *ag_run_spec_find_data (const AgRunSpec *spec);
gboolean ag_run_spec_has_newest_data (const AgRunSpec *spec,
                                      const AgData *data);
AgTableWish ag_run_spec_wish (const AgRunSpec *spec);
gboolean ag_run_spec_check (const AgRunSpec *spec,
                            GError **error);
gboolean ag_run_spec_has_same_data (const AgRunSpec *a,
                                    const AgRunSpec *b);
gboolean ag_run_spec_has_same_start (const AgRunSpec *a,
                                     const AgRunSpec *b);
gboolean ag_run_spec_can_become (const AgRunSpec *spec,
                                 const AgRunSpec *wanted);
char *ag_run_spec_to_command (const AgRunSpec *spec);

G_END_DECLS
