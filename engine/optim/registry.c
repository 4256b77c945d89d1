/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/optimizer-private.h"

#include <string.h>

static const AgOptimizerClass *const classes[] = {
#define AG_OPTIMIZER(id) &ag_##id##_class,
#include "optim/optimizers.def"
#undef AG_OPTIMIZER
};

/**
 * ag_optimizer_n_classes:
 *
 * Returns: the number of algorithms there are
 */
guint
ag_optimizer_n_classes (void)
{
  return G_N_ELEMENTS (classes);
}

/**
 * ag_optimizer_class_nth:
 * @index: which algorithm, counted from 0
 *
 * Returns: (nullable): the algorithm, %NULL if there are fewer
 */
const AgOptimizerClass *
ag_optimizer_class_nth (guint index)
{
  return index < G_N_ELEMENTS (classes) ? classes[index] : NULL;
}

/**
 * ag_optimizer_class_find:
 * @id: an algorithm's id: "adam"
 *
 * Returns: (nullable): the algorithm, %NULL if there is none of that id
 */
const AgOptimizerClass *
ag_optimizer_class_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (strcmp (classes[i]->id, id) == 0)
      return classes[i];
  return NULL;
}

/**
 * ag_optimizer_class_find_option:
 * @klass: an algorithm
 * @id: an option's id: "momentum"
 *
 * Returns: the option's index, −1 if the algorithm has none of that id
 */
gint
ag_optimizer_class_find_option (const AgOptimizerClass *klass,
                                const char *id)
{
  g_return_val_if_fail (klass != NULL && id != NULL, -1);

  for (guint i = 0; i < klass->n_options; i++)
    if (strcmp (klass->options[i].id, id) == 0)
      return (gint) i;
  return -1;
}
