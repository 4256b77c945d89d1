/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-text-list.h"

#include "data/target.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The function that is fitted, and the initial values, can be chosen from a list or typed. */

/* Initial values that are written out for somebody to change. */
#define MOST_WRITTEN 8

enum
{
  INIT_SEED,
  INIT_PUBLISHED,
  INIT_TYPED,
};

static void
add (ConvergeChoiceRow *row,
     const char *title,
     const char *description)
{
  converge_choice_row_add (row, title, description, TRUE);
}

static void
fill_targets (ConvergeChoiceRow *row)
{
  for (guint i = 0; i < ag_target_n (); i++)
    add (row, _ (ag_target_nth (i)->title), ag_target_nth (i)->formula);
  add (row, _ ("Another"), _ ("A formula of your own, below"));
}

static guint
find_target (const AgRunSpec *spec)
{
  guint i = 0;

  while (i < ag_target_n () && strcmp (ag_target_nth (i)->formula, spec->target) != 0)
    i++;
  return i;
}

static char *
write_target (const AgRunSpec *spec,
              guint entry)
{
  return entry < ag_target_n () ? g_strdup (ag_target_nth (entry)->formula) : NULL;
}

const ConvergeTextList converge_target_list = {
  "target",
  fill_targets,
  find_target,
  write_target,
};

static void
fill_inits (ConvergeChoiceRow *row)
{
  add (row, _ ("From the seed"), _ ("As PyTorch, NumPy or Python draw them"));
  add (row, _ ("The printed run"), _ ("As the tutorial's own run began"));
  add (row, _ ("Typed"), _ ("One by one; those not given are drawn"));
}

static guint
find_init (const AgRunSpec *spec)
{
  if (strcmp (spec->init, "seed") == 0)
    return INIT_SEED;
  return strcmp (spec->init, "published") == 0 ? INIT_PUBLISHED : INIT_TYPED;
}

/* Typed values begin with what there is to be typed, or the first of very many: those
 * left out are drawn. */
static char *
write_zeros (const AgModelClass *model)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (model->n_parameters, MOST_WRITTEN); i++)
    g_string_append_printf (text, "%s%s=0", i > 0 ? ", " : "", model->parameters[i]);
  return g_string_free (text, FALSE);
}

static char *
write_init (const AgRunSpec *spec,
            guint entry)
{
  if (entry == INIT_TYPED)
    return write_zeros (spec->program->model);
  return g_strdup (entry == INIT_PUBLISHED ? "published" : "seed");
}

const ConvergeTextList converge_init_list = {
  "init",
  fill_inits,
  find_init,
  write_init,
};

/**
 * converge_init_list_is_typed:
 * @spec: a run
 *
 * Returns: whether its initial values are typed one by one
 */
gboolean
converge_init_list_is_typed (const AgRunSpec *spec)
{
  return find_init (spec) == INIT_TYPED;
}
