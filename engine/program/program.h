/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/random.h"
#include "data/data.h"
#include "graph/create.h"
#include "graph/tensor.h"

G_BEGIN_DECLS

#define AG_PROGRAM_MAX_PARAMETERS 8
#define AG_PROGRAM_MAX_STRUCTURES 8

typedef struct _AgProgram AgProgram;
typedef struct _AgProgramValues AgProgramValues;

/**
 * AgProgramParameter:
 * @name: the coefficient's name: "a", "b", …
 * @published: the initial value recovered from the tutorial's printed run;
 *   NaN where it cannot be known
 */
typedef struct
{
  const char *name;
  double published;
} AgProgramParameter;

/**
 * AgProgramClass:
 * @id: what the command line takes: "autograd"
 * @title: the name in the window: "Autograd"
 * @description: one sentence on what it shows
 * @optimizer: id of the default optimizer
 * @options: (nullable): that optimizer's options which are not its defaults
 *   as long as nobody chooses an optimizer, as "momentum=0.9"
 * @learning_rate: default of @optimizer, the tutorial's
 * @rates: default of each other optimizer that has one of its own here, which does well
 *   in @steps steps, as "adam=0.05,sgd=1e-6": ours, since those of the libraries are too
 *   small here
 * @steps: default
 * @log_every: a line of the log is printed each so many steps
 * @dtype: default
 * @generator: whose random numbers the initial values are
 * @formula: how the result line is written: {a} stands for the value of
 *   parameter a: "y = {a} + {b} x + {c} x^2 + {d} x^3"
 * @formula_note: (nullable): a sentence on what in the formula needs one
 * @n_parameters: number of @parameters
 * @parameters: the coefficients, in the order in which they are drawn
 * @is_linear: whether y is linear in the parameters, so that the loss is a
 *   quadratic with a known Hessian
 * @n_columns: values that @init computes for each point and the program keeps, beside
 *   x and y
 * @instance_size: size of the program's own struct, which begins with
 *   #AgProgram
 * @init: draws the initial values from the seeded generators and makes what
 *   the program needs; ag_program_write() replaces the values later where the
 *   run gives its own
 * @draw: (nullable): draws, before each step, which of the program's structures
 *   it has: 0, 1, … less than %AG_PROGRAM_MAX_STRUCTURES; %NULL if there is one
 * @step: records one step of the structure that was drawn: prediction, loss, gradients (in the parameters'
 *   `grad`), and returns the loss, a scalar
 * @evaluate: the prediction at @x in double precision for given coefficients
 *   (@n_parameters of them), for plots; no tensor is touched
 * @finalize: (nullable): frees what @init made
 *
 * One of the tutorial's programs. A new one is a file with one of these, and
 * a row in the registry (registry.c).
 */
typedef struct
{
  const char *id;
  const char *title;
  const char *description;
  const char *optimizer;
  const char *options;
  double learning_rate;
  const char *rates;
  gint64 steps;
  gint64 log_every;
  AgDType dtype;
  AgGeneratorKind generator;
  const char *formula;
  const char *formula_note;
  guint n_parameters;
  AgProgramParameter parameters[AG_PROGRAM_MAX_PARAMETERS];
  gboolean is_linear;
  guint n_columns;
  gsize instance_size;
  void (*init) (AgProgram *program,
                guint64 seed);
  guint (*draw) (AgProgram *program);
  AgTensor *(*step) (AgProgram *program);
  double (*evaluate) (const double *coefficients,
                      double x);
  void (*finalize) (AgProgram *program);
} AgProgramClass;

/**
 * AgProgram:
 * @klass: what program it is
 * @dtype: element type of data and parameters
 * @x: the points, (n)
 * @y: the target at @x, (n)
 * @n_tensors: number of tensors in @tensors
 * @tensors: the trainable tensors, as an optimizer takes them
 * @coefficients: of each, which of the class's parameters its first element
 *   is; the others follow
 * @structure: what was drawn for the step
 * @coin: (nullable): what the class's `draw` draws with, made by its `init`; it is
 *   the only state that a program has from step to step beside its tensors
 * @kept: what ag_program_restore() goes back to
 *
 * A program at work. Its tensors belong to the thread and graph it was made in.
 */
struct _AgProgram
{
  const AgProgramClass *klass;
  AgDType dtype;
  AgTensor *x;
  AgTensor *y;
  guint n_tensors;
  AgTensor *tensors[AG_PROGRAM_MAX_PARAMETERS];
  guint coefficients[AG_PROGRAM_MAX_PARAMETERS];
  guint structure;
  AgGenerator *coin;
  AgProgramValues *kept;
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
guint ag_program_draw (AgProgram *program);
AgTensor *ag_program_record (AgProgram *program);
AgTensor *ag_program_step (AgProgram *program);
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
void ag_program_keep (AgProgram *program,
                      guint n_generations);
gboolean ag_program_read_kept (AgProgram *program,
                               guint n_back,
                               double *coefficients,
                               GError **error);
gboolean ag_program_restore (AgProgram *program,
                             guint n_back,
                             double *coefficients,
                             GError **error);
guint ag_program_class_n_draw_numbers (const AgProgramClass *klass);
void ag_program_save_draw (const AgProgram *program,
                           double *numbers);
void ag_program_load_draw (AgProgram *program,
                           const double *numbers);
guint ag_program_class_n_columns (const AgProgramClass *klass);
char *ag_program_class_format (const AgProgramClass *klass,
                               const double *coefficients);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgProgram, ag_program_free)

G_END_DECLS
