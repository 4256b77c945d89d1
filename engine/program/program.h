/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/data.h"
#include "model/model.h"
#include "nn/loss.h"
#include "program/past-values.h"

G_BEGIN_DECLS

typedef struct _AgProgram AgProgram;

/**
 * AgByHand:
 * @record: records loss and gradients (in the tensors' `grad`), and returns the loss, a
 *   scalar, which must be the program's
 * @script: what it does about gradients, in the words of PyTorch
 * @sources: where that is, as the model's sources are named
 *
 * Gradients that somebody derived.
 */
typedef struct
{
  AgTensor *(*record) (AgModel *model,
                       const AgModelInput *input,
                       AgTensor *prediction,
                       AgTensor *y);
  const char *script;
  const char *sources;
} AgByHand;

/**
 * AgProgramClass:
 * @id: what the command line takes: "autograd"
 * @title: the name in the window: "Autograd"
 * @description: one sentence on what it shows
 * @optimizer: id of the default optimizer
 * @options: (nullable): that optimizer's options which are not its defaults
 *   as long as nobody chooses an optimizer, as "momentum=0.9"
 * @lr: default of @optimizer, the tutorial's
 * @rates: default of each other optimizer that has one of its own here, which does well
 *   in @steps steps, as "adam=0.05,sgd=1e-6": ours, since those of the libraries are too
 *   small here
 * @steps: default
 * @log_every: a line of the log is printed each so many steps
 * @dtype: default
 * @generator: whose random numbers the initial values are
 * @model: what predicts
 * @is_held: of each of the model's tensors, whether it is left as it is
 * @loss: what the prediction is compared with the target by
 * @published: (nullable): for each of the model's parameters, the initial value
 *   recovered from the tutorial's printed run; NaN where it cannot be known
 * @by_hand: (nullable): how loss and gradients are found without ag_backward(), where they
 *   are
 * @choose_structure: (nullable): chooses by chance, before each step, which of the model's
 *   structures it has, with the program's coin; %NULL if there is one
 *
 * One of the tutorial's programs: a model, a loss, a manner of finding gradients, and the
 * settings to begin with. A new one is a file with one of these, and a row in
 * programs.def.
 */
typedef struct
{
  const char *id;
  const char *title;
  const char *description;
  const char *optimizer;
  const char *options;
  double lr;
  const char *rates;
  gint64 steps;
  gint64 log_every;
  AgDType dtype;
  AgGeneratorKind generator;
  const AgModelClass *model;
  const AgLoss *loss;
  const double *published;
  const AgByHand *by_hand;
  guint (*choose_structure) (AgProgram *program);
} AgProgramClass;

/**
 * AgProgram:
 * @klass: what program it is
 * @model: its model
 * @input: what the model predicts from, with the structure that was chosen for the step
 * @y: the target at the points, (n)
 * @prediction: what the model predicts in the step that was recorded last, which owns it
 * @loss: what the prediction is compared with @y by: the class's, unless its owner sets
 *   another before the first step, which a class that finds gradients by hand cannot have
 * @delta: where squares end in @loss, if it is Huber's
 * @coin: (nullable): what the class's `choose_structure` draws from, a generator of
 *   Python's; it is the only state that a program has from step to step beside its tensors
 * @past: the values of its parameters before the last steps, for ag_program_restore()
 *
 * A program at work. Its tensors belong to the thread and graph it was made in.
 */
struct _AgProgram
{
  const AgProgramClass *klass;
  AgModel *model;
  AgModelInput input;
  AgTensor *y;
  AgTensor *prediction;
  gboolean *is_held;
  const AgLoss *loss;
  double delta;
  AgGenerator *coin;
  AgPastValues *past;
};

/* Registry */
guint ag_program_n_classes (void);
const AgProgramClass *ag_program_class_nth (guint index);
const AgProgramClass *ag_program_class_find (const char *id);

AgProgram *ag_program_new (const AgProgramClass *klass,
                           AgDType dtype,
                           const AgData *data,
                           guint64 seed,
                           GError **error);
void ag_program_free (AgProgram *program);
void ag_program_hold (AgProgram *program,
                      guint tensor);
guint ag_program_choose_structure (AgProgram *program);
AgTensor *ag_program_record (AgProgram *program);
AgTensor *ag_program_step (AgProgram *program);
AgTensor *ag_program_record_loss (AgProgram *program);
gboolean ag_program_evaluate_loss (AgProgram *program,
                                   double *loss,
                                   GError **error);
gboolean ag_program_read (AgProgram *program,
                          double *coefficients,
                          GError **error);
gboolean ag_program_read_gradients (AgProgram *program,
                                    double *gradients,
                                    GError **error);
gboolean ag_program_write (AgProgram *program,
                           const double *coefficients,
                           GError **error);
gboolean ag_program_restore (AgProgram *program,
                             guint n_back,
                             double *coefficients,
                             GError **error);
guint ag_program_class_n_coin_numbers (const AgProgramClass *klass);
void ag_program_save_coin (const AgProgram *program,
                           double *numbers);
void ag_program_load_coin (AgProgram *program,
                           const double *numbers);
guint ag_program_class_n_columns (const AgProgramClass *klass);
double ag_program_class_published (const AgProgramClass *klass,
                                   guint parameter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgProgram, ag_program_free)

G_END_DECLS
