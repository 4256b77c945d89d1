/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/program-private.h"

#include <string.h>

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
  return G_N_ELEMENTS (classes);
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
  return index < G_N_ELEMENTS (classes) ? classes[index] : NULL;
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

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (strcmp (classes[i]->id, id) == 0)
      return classes[i];
  return NULL;
}
