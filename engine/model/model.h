/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/random.h"
#include "graph/tensor.h"

G_BEGIN_DECLS

/* The structures that a model may have, and the tensors that it may make of x. */
#define AG_MODEL_MAX_STRUCTURES 8
#define AG_MODEL_MAX_FEATURES 2

typedef struct _AgModel AgModel;
typedef struct _AgModelClass AgModelClass;

/**
 * AgModelTensor:
 * @name: the tensor's name: "weight"
 * @first: which of the class's parameters its first element is; the others follow
 * @n_elements: how many it has
 *
 * A trainable tensor of a model.
 */
typedef struct
{
  const char *name;
  guint first;
  guint n_elements;
} AgModelTensor;

/**
 * AgModelInput:
 * @x: the points, (n)
 * @features: what the class's `prepare` made of them
 * @structure: which of the model's structures it has, from 0
 *
 * The input that a model predicts from.
 */
typedef struct
{
  AgTensor *x;
  AgTensor *features[AG_MODEL_MAX_FEATURES];
  guint structure;
} AgModelInput;

/**
 * AgModelScript:
 * @definitions: (nullable): classes that the others use
 * @make: (nullable): makes the tensors with the values that PyTorch draws for them, under
 *   the names in @tensors; %NULL if each is a scalar of its own that is drawn from the
 *   standard normal distribution, or begins with the class's `initial`
 * @tensors: (nullable): a variable for each tensor, as "weight, bias"; %NULL if each
 *   parameter is one
 * @predict: the body of the function `predict(x)`
 *
 * The same model in the words of PyTorch: statements of Python, of which a script for it
 * is made (script/script.c).
 */
typedef struct
{
  const char *definitions;
  const char *make;
  const char *tensors;
  const char *predict;
} AgModelScript;

/**
 * AgModelClass:
 * @formula: how a fit is written: {a} stands for the value of parameter a, {(a)} for the
 *   same in parentheses if it is negative, {|w|} for the norm of tensor w:
 *   "y = {a} + {b} x + {c} x^2 + {d} x^3"
 * @formula_note: (nullable): a sentence on what in the formula needs one
 * @n_parameters: how many numbers are trained
 * @parameters: the name of each, in the order in which files and tables have them. Any
 *   text without “=”, “,” and blanks at its ends will do: a name is no part of a formula
 *   that somebody types, so that a parameter may be called e
 * @n_tensors: number of @tensors
 * @tensors: (nullable): the tensors that hold the parameters, in the order in which they
 *   are added and an optimizer takes them; %NULL if each parameter is a scalar of its own
 * @initial: (nullable): the value that each parameter begins with; %NULL if they are drawn
 * @is_linear: whether y is linear in the parameters, so that the sum of squares is a
 *   quadratic with a known Hessian
 * @n_structures: in how many ways it may predict, at most %AG_MODEL_MAX_STRUCTURES; 0 is
 *   the same as 1
 * @n_columns: how many values it keeps for each point beside x and y
 * @n_intermediates: how many values a step needs for each point meanwhile, beside one
 * @instance_size: size of the model's own struct, which begins with #AgModel
 * @init: makes the tensors with their initial values, drawn from a generator of a kind
 *   and with a seed, and adds each with ag_model_add_tensor()
 * @prepare: (nullable): records what is computed of x once and for all, such as its
 *   powers, into @features of the model's input
 * @features: what people call those
 * @predict: records the prediction, (n), in operations on tensors: this is the one place
 *   that says what the model is
 * @finalize: (nullable): frees what @init made
 * @script: (nullable): the model in the words of PyTorch, which a test runs beside it
 * @sources: the files, with a comma between them, that say what @predict computes:
 *   "program/mlp.c"; people look at their lines (script/listing.c)
 *
 * A kind of model: a plain value that is never changed. It may be static, or made while
 * the program runs by somebody who keeps it as long as there are models of it; then it
 * can be the beginning of a greater struct, which the functions find at the model's
 * @klass. What its predictions are compared with, and how its gradients are found, is no
 * matter of the model's.
 */
struct _AgModelClass
{
  const char *formula;
  const char *formula_note;
  guint n_parameters;
  const char *const *parameters;
  guint n_tensors;
  const AgModelTensor *tensors;
  const double *initial;
  gboolean is_linear;
  guint n_structures;
  guint n_columns;
  guint n_intermediates;
  gsize instance_size;
  void (*init) (AgModel *model,
                AgGeneratorKind kind,
                guint64 seed);
  void (*prepare) (AgModel *model,
                   AgTensor *x,
                   AgTensor **features);
  const char *features[AG_MODEL_MAX_FEATURES];
  AgTensor *(*predict) (AgModel *model,
                        const AgModelInput *input);
  void (*finalize) (AgModel *model);
  const AgModelScript *script;
  const char *sources;
};

/**
 * AgModel:
 * @klass: what kind of model it is
 * @dtype: element type of its parameters
 * @n_tensors: number of @tensors
 * @tensors: the trainable tensors, as an optimizer takes them
 *
 * A model with values for its parameters. Its tensors belong to the thread and graph that
 * it was made in.
 */
struct _AgModel
{
  const AgModelClass *klass;
  AgDType dtype;
  guint n_tensors;
  AgTensor **tensors;
};

guint ag_model_class_n_tensors (const AgModelClass *klass);
AgModelTensor ag_model_class_tensor (const AgModelClass *klass,
                                     guint index);
gint ag_model_class_find_parameter (const AgModelClass *klass,
                                    const char *name);
char *ag_model_class_list_parameters (const AgModelClass *klass);
double ag_model_class_norm (const AgModelClass *klass,
                            guint tensor,
                            const double *coefficients);
char *ag_model_class_format (const AgModelClass *klass,
                             const double *coefficients,
                             char *(*number_to_string) (double) );

AgModel *ag_model_new (const AgModelClass *klass,
                       AgDType dtype,
                       AgGeneratorKind kind,
                       guint64 seed);
void ag_model_free (AgModel *model);
void ag_model_add_tensor (AgModel *model,
                          AgTensor *tensor);
void ag_model_add_scalars (AgModel *model,
                           AgGeneratorKind kind,
                           guint64 seed);

void ag_model_prepare (AgModel *model,
                       AgTensor *x,
                       AgModelInput *input);
void ag_model_input_clear (AgModelInput *input);
AgTensor *ag_model_predict (AgModel *model,
                            const AgModelInput *input);

gboolean ag_model_read (const AgModel *model,
                        double *coefficients,
                        GError **error);
gboolean ag_model_read_gradients (const AgModel *model,
                                  double *gradients,
                                  GError **error);
void ag_model_write (AgModel *model,
                     const double *coefficients);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgModel, ag_model_free)

G_END_DECLS
