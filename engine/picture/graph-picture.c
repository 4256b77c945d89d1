/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture/graph-picture.h"

#include <math.h>

/**
 * ag_graph_picture_ref:
 * @picture: a picture
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @picture
 */
AgGraphPicture *
ag_graph_picture_ref (AgGraphPicture *picture)
{
  ag_ref_count_inc (&picture->ref_count);
  return picture;
}

/**
 * ag_graph_picture_unref:
 * @picture: (transfer full): a picture
 *
 * Drops a reference; the last one frees it.
 */
void
ag_graph_picture_unref (AgGraphPicture *picture)
{
  if (!ag_ref_count_dec (&picture->ref_count))
    return;
  for (guint i = 0; i < picture->n_nodes; i++)
    g_free (picture->nodes[i].name);
  for (guint i = 0; i < picture->n_functions; i++)
    g_free (picture->functions[i].name);
  g_free (picture->nodes);
  g_free (picture->edges);
  g_free (picture->functions);
  g_free (picture);
}

static gboolean
are_same_nodes (const AgGraphNode *a,
                const AgGraphNode *b)
{
  return a->op == b->op && a->stop == b->stop && a->shape == b->shape && a->dtype == b->dtype
         && a->function == b->function && a->loop == b->loop
         && (a->op != AG_OP_input || g_strcmp0 (a->name, b->name) == 0);
}

/**
 * ag_graph_picture_has_same_structure:
 * @a: a picture
 * @b: another one
 *
 * Returns: whether they differ in their numbers alone, and in what was taken, so that what is
 *   at a place in one of them is at the same place in the other
 */
gboolean
ag_graph_picture_has_same_structure (const AgGraphPicture *a,
                                     const AgGraphPicture *b)
{
  if (a->n_nodes != b->n_nodes || a->n_edges != b->n_edges)
    return FALSE;
  for (guint i = 0; i < a->n_nodes; i++)
    if (!are_same_nodes (&a->nodes[i], &b->nodes[i]))
      return FALSE;
  for (guint i = 0; i < a->n_edges; i++)
    if (a->edges[i].from != b->edges[i].from || a->edges[i].to != b->edges[i].to)
      return FALSE;
  return TRUE;
}

/**
 * ag_graph_value_set:
 * @value: a value
 * @n_elements: how many numbers it has, at least 1
 * @elements: these numbers
 * @probe: which of them people look at, if there are so many
 *
 * Finds out what is told of it.
 */
void
ag_graph_value_set (AgGraphValue *value,
                    gint64 n_elements,
                    const double *elements,
                    gint64 probe)
{
  double sum = 0;

  *value = (AgGraphValue){ .n_elements = n_elements, .minimum = elements[0], .maximum = elements[0] };
  for (gint64 i = 0; i < n_elements; i++)
    {
      sum += elements[i];
      value->minimum = isnan (value->minimum) || elements[i] >= value->minimum ? value->minimum : elements[i];
      value->maximum = isnan (value->maximum) || elements[i] <= value->maximum ? value->maximum : elements[i];
    }
  value->mean = n_elements == 1 ? elements[0] : sum / (double) n_elements;
  value->probe = probe >= 0 && probe < n_elements && n_elements > 1 ? elements[probe] : value->mean;
  value->n_samples = n_elements == 1 ? 0 : (guint) MIN (n_elements, AG_VALUE_N_SAMPLES);
  for (guint i = 0; i < value->n_samples; i++)
    value->samples[i] = elements[(n_elements - 1) * i / (value->n_samples - 1)];
}
