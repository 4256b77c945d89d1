/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/formula.h"

#include "model/formula-model.h"
#include "program/program-private.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>

/* This is fitted before somebody types a formula: it can become the target's sine. */
#define DEFAULT_FORMULA "a*sin(b*x + c) + d"

/* All but the model, which is made of a text. */
static const AgProgramClass without_model = {
  .id = "formula",
  .title = N_ ("Formula"),
  .description = N_ ("A formula of yours in x, whose other names are the parameters that are "
                     "found."),
  .optimizer = "adam",
  .lr = 0.05,
  .rates = "sgd=0.05,adagrad=0.5,adadelta=1,rmsprop=5e-3,adamw=0.05,nadam=0.05,radam=0.1",
  .steps = 2000,
  .log_every = 100,
  .dtype = AG_DTYPE_FLOAT32,
  .loss = &ag_mean_of_squares,
};

/* The programs that were made, by their models. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *classes;

/**
 * ag_formula_program_class:
 * @text: a formula, as ag_formula_model_class() reads it
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Makes the program “formula” with a model of one's own. The same text gives the same
 * program. Any thread may ask.
 *
 * Returns: (transfer none) (nullable): the program, which lives as long as the process, or
 *   %NULL with @error set
 */
const AgProgramClass *
ag_formula_program_class (const char *text,
                          GError **error)
{
  const AgModelClass *model = ag_formula_model_class (text, error);
  AgProgramClass *klass;

  if (model == NULL)
    return NULL;
  pthread_mutex_lock (&mutex);
  if (classes == NULL)
    classes = g_hash_table_new (NULL, NULL);
  klass = g_hash_table_lookup (classes, model);
  if (klass == NULL)
    {
      klass = g_memdup2 (&without_model, sizeof without_model);
      klass->model = model;
      g_hash_table_insert (classes, (gpointer) model, klass);
    }
  pthread_mutex_unlock (&mutex);
  return klass;
}

/**
 * ag_formula_program_default:
 *
 * Returns: (transfer none): the program “formula” as long as nobody has typed a formula
 */
const AgProgramClass *
ag_formula_program_default (void)
{
  return ag_formula_program_class (DEFAULT_FORMULA, NULL);
}
