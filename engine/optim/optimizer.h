/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/setting-kind.h"
#include "graph/tensor.h"

G_BEGIN_DECLS

#define AG_OPTIMIZER_MAX_OPTIONS 8
#define AG_OPTIMIZER_MAX_NUMBERS 5
#define AG_OPTIMIZER_MAX_STATES 4

typedef struct _AgOptimizer AgOptimizer;

/**
 * AgOptimizerRule:
 * @symbol: what is given a value: "p", the parameter, "g", its gradient, a state, "root",
 *   what the learning rate is divided by, or a symbol that later rules use
 * @formula: the value, a formula of the symbols so far: those above, "lr", "t", which
 *   update of the parameter this is, and the options, whose “-” is written “_”
 * @when: (nullable): the rule is left out unless these are not 0, options and symbols
 *   with a comma between them, or are, after “!”; "first" is 1 in a parameter's first
 *   update: "momentum,!first"
 *
 * A line of an algorithm, for people to read with the numbers in it. A test compares it with what
 * the algorithm records.
 */
typedef struct
{
  const char *symbol;
  const char *formula;
  const char *when;
} AgOptimizerRule;

/**
 * AgOptimizerClass:
 * @id: what `--optimizer` takes: "sgd", "adam"
 * @title: the name people know it by, which is that of its class in PyTorch: "SGD", "Adam"
 * @description: one sentence on what it does
 * @lr: PyTorch's default; for SGD, which has none there, one that suits
 *   a sum of squares over some thousand points
 * @rates_of: (nullable): the id of another optimizer, whose learning rates suit this one
 *   too where a program names none for it
 * @n_options: number of @options
 * @options: its hyper-parameters beside the learning rate, numbers and flags
 * @script: (nullable): what a script for PyTorch says before it makes one: lines of Python
 * @check: (nullable): finds out whether values of @options, each of which is allowed,
 *   go together; if not, sets @wrong to the index of one to change
 * @n_states: number of @states
 * @states: names of the tensors it keeps for each parameter
 * @schedule: (nullable): computes the numbers that differ from step to step, for
 *   ag_optimizer_number(), from those that the parameter's step before had; before the
 *   first they are 0
 * @numbers: names of those of these numbers that @rules use, as the step before left them
 * @rules: what @update computes, one after the other, up to one without a symbol
 * @sources: where @update computes, as a model's sources are named: "optim/sgd.c"
 * @update: records the new value of parameter number @index, whose gradient
 *   is @grad, and of its states
 *
 * An algorithm. A new one is a file with one of these, and a row in
 * optimizers.def. A step that was recorded twice alike is played again
 * without being recorded until an option or the learning rate changes, so that
 * all else that @update uses must come from tensors or from @schedule.
 */
typedef struct
{
  const char *id;
  const char *title;
  const char *description;
  double lr;
  const char *rates_of;
  guint n_options;
  AgSetting options[AG_OPTIMIZER_MAX_OPTIONS];
  const char *script;
  gboolean (*check) (const double *options,
                     guint *wrong,
                     GError **error);
  guint n_states;
  const char *states[AG_OPTIMIZER_MAX_STATES];
  void (*schedule) (const AgOptimizer *optimizer,
                    guint index,
                    double *numbers);
  const char *numbers[AG_OPTIMIZER_MAX_NUMBERS];
  const AgOptimizerRule *rules;
  const char *sources;
  void (*update) (AgOptimizer *optimizer,
                  guint index,
                  AgTensor *parameter,
                  AgTensor *grad);
} AgOptimizerClass;

/* Registry */
guint ag_optimizer_n_classes (void);
const AgOptimizerClass *ag_optimizer_class_nth (guint index);
const AgOptimizerClass *ag_optimizer_class_find (const char *id);
gint ag_optimizer_class_find_option (const AgOptimizerClass *klass,
                                     const char *id);

AgOptimizer *ag_optimizer_new (const AgOptimizerClass *klass,
                               guint n_parameters,
                               AgTensor *const *parameters);
void ag_optimizer_free (AgOptimizer *optimizer);
const AgOptimizerClass *ag_optimizer_class (const AgOptimizer *optimizer);
double ag_optimizer_lr (const AgOptimizer *optimizer);
void ag_optimizer_set_lr (AgOptimizer *optimizer,
                          double lr);
double ag_optimizer_option (const AgOptimizer *optimizer,
                            guint option);
void ag_optimizer_set_option (AgOptimizer *optimizer,
                              guint option,
                              double value);
gint64 ag_optimizer_step_count (const AgOptimizer *optimizer);
AgTensor *ag_optimizer_state (const AgOptimizer *optimizer,
                              guint index,
                              guint state);
guint ag_optimizer_n_counts (guint n_parameters);
void ag_optimizer_save_counts (const AgOptimizer *optimizer,
                               double *counts);
void ag_optimizer_read_counts (const double *counts,
                               guint index,
                               double *n_updates,
                               double *numbers);
void ag_optimizer_load_counts (AgOptimizer *optimizer,
                               const double *counts);
void ag_optimizer_zero_grad (AgOptimizer *optimizer);
gboolean ag_optimizer_step (AgOptimizer *optimizer);
void ag_optimizer_get_updated (const AgOptimizer *optimizer,
                               gboolean *is_updated);
void ag_optimizer_advance (AgOptimizer *optimizer,
                           const gboolean *is_updated);
void ag_optimizer_advance_by (AgOptimizer *optimizer,
                              const gboolean *is_updated,
                              gint64 n_steps);
guint ag_optimizer_n_changes (const AgOptimizer *optimizer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgOptimizer, ag_optimizer_free)

G_END_DECLS
