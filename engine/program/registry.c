/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/formula.h"
#include "program/program-private.h"

#include <string.h>

#define N_CLASSES (G_N_ELEMENTS (classes) + 1)

/* Those whose model is known when the library is built; behind them comes the one whose model
 * is typed. */
static const AgProgramClass *const classes[] = {
#define AG_PROGRAM(id) &ag_##id##_class,
#include "program/programs.def"
#undef AG_PROGRAM
};

/**
 * ag_program_n_classes:
 *
 * Returns: the number of programs there are
 */
guint
ag_program_n_classes (void)
{
  return N_CLASSES;
}

/**
 * ag_program_class_nth:
 * @index: which program, counted from 0 in the tutorial's order
 *
 * Returns: (nullable): the program, %NULL if there are fewer
 */
const AgProgramClass *
ag_program_class_nth (guint index)
{
  if (index < G_N_ELEMENTS (classes))
    return classes[index];
  return index < N_CLASSES ? ag_formula_program_default () : NULL;
}

/**
 * ag_program_class_find:
 * @id: a program's id: "autograd"
 *
 * Returns: (nullable): the program, %NULL if there is none of that id
 */
const AgProgramClass *
ag_program_class_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < N_CLASSES; i++)
    if (strcmp (ag_program_class_nth (i)->id, id) == 0)
      return ag_program_class_nth (i);
  return NULL;
}
