/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture/graph-outline.h"

#include "base/number.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* This sign stands for the operand in the label of an operation. */
#define OPERAND "▢"

/* The operations that people write with signs; the others have their names. */
static const struct
{
  AgOp op;
  const char *sign;
} signs[] = {
  { AG_OP_add, "+" },
  { AG_OP_sub, "−" },
  { AG_OP_mul, "×" },
  { AG_OP_div, "÷" },
  { AG_OP_sum, "Σ" },
  { AG_OP_matmul, "@" },
  { AG_OP_square, OPERAND "²" },
  { AG_OP_cube, OPERAND "³" },
  { AG_OP_sqrt, "√" OPERAND },
  { AG_OP_neg, "−" OPERAND },
  { AG_OP_addcmul, OPERAND " + " OPERAND " × " OPERAND },
};

static const char *
sign_of (AgOp op)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (signs[i].op == op)
      return signs[i].sign;
  return ag_op_info (op)->name;
}

/* Which nodes this one uses, those that this step takes before those that others do. */
static const AgGraphEdge *
find_operand (const AgGraphPicture *picture,
              guint node,
              guint operand)
{
  const AgGraphEdge *found = NULL;

  for (guint i = 0; i < picture->n_edges; i++)
    if (picture->edges[i].to == node && picture->edges[i].operand == operand
        && (found == NULL || picture->edges[i].is_taken))
      found = &picture->edges[i];
  return found;
}

static char *
write_constant (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.4g", value));
}

/* "2 × ▢" for a product with a constant. */
static char *
describe_operation (const AgGraphPicture *picture,
                    guint index)
{
  const AgGraphNode *node = &picture->nodes[index];
  const AgGraphEdge *edges[AG_OP_MAX_OPERANDS] = { NULL };
  const AgGraphNode *operands[AG_OP_MAX_OPERANDS] = { NULL };
  const guint n = ag_op_info (node->op)->n_operands;
  gboolean has_constant = FALSE;
  g_autofree char *a = NULL, *b = NULL;

  for (guint i = 0; i < n; i++)
    {
      edges[i] = find_operand (picture, index, i);
      operands[i] = edges[i] != NULL ? &picture->nodes[edges[i]->from] : NULL;
      has_constant |= operands[i] != NULL && operands[i]->op == AG_OP_number;
    }
  if (n != 2 || !has_constant)
    return g_strdup (sign_of (node->op));
  a = operands[0]->op == AG_OP_number ? write_constant (operands[0]->value.mean) : g_strdup (OPERAND);
  b = operands[1]->op == AG_OP_number ? write_constant (operands[1]->value.mean) : g_strdup (OPERAND);
  if (strlen (sign_of (node->op)) > strlen ("×"))
    return g_strdup_printf ("%s (%s, %s)", sign_of (node->op), a, b);
  return g_strdup_printf ("%s %s %s", a, sign_of (node->op), b);
}

static gboolean
is_leaf (const AgGraphNode *node)
{
  return node->op == AG_OP_input;
}

/* A node that is the same as its operand to people. */
static gboolean
is_passed_through (const AgGraphPicture *picture,
                   guint index)
{
  const AgGraphNode *node = &picture->nodes[index];

  if (node->name != NULL || (node->op != AG_OP_view && node->op != AG_OP_cast && node->op != AG_OP_identity))
    return FALSE;
  for (guint i = 0; i < picture->n_functions; i++)
    if (picture->functions[i].output == index)
      return FALSE;
  return find_operand (picture, index, 0) != NULL
         && picture->nodes[find_operand (picture, index, 0)->from].op != AG_OP_number;
}

static gboolean
is_inside_closed (const AgGraphPicture *picture,
                  guint index,
                  gboolean is_open)
{
  const AgGraphNode *node = &picture->nodes[index];

  return !is_open && node->function >= 0 && node->stop <= AG_STOP_LOSS
         && picture->functions[node->function].output != index;
}

/**
 * ag_graph_outline_default_stops:
 * @picture: a picture
 *
 * Returns: the stops that people look at first: predict and loss, over which gradients go
 *   back, and gradient too if that is worked out by hand, without going back
 */
guint
ag_graph_outline_default_stops (const AgGraphPicture *picture)
{
  const guint stops = AG_STOP_BIT (AG_STOP_PREDICT) | AG_STOP_BIT (AG_STOP_LOSS);

  return picture->nodes[picture->loss_node].gradient.n_elements > 0
           ? stops
           : stops | AG_STOP_BIT (AG_STOP_GRADIENT);
}

static void
add_box (AgGraphOutline *outline,
         const AgGraphPicture *picture,
         guint index,
         gboolean is_open)
{
  const AgGraphNode *node = &picture->nodes[index];
  AgGraphBox *box = &outline->boxes[outline->n_boxes];
  const char *function = NULL;

  for (guint i = 0; i < picture->n_functions; i++)
    if (picture->functions[i].output == index)
      function = picture->functions[i].name;
  outline->box_of[index] = (gint) outline->n_boxes++;
  *box = (AgGraphBox){ .node = index };
  if (function != NULL)
    {
      box->label = g_strdup (function);
      box->is_closed = !is_open;
    }
  else if (node->name != NULL)
    {
      box->label = g_strdup (node->name);
      box->operation = is_leaf (node) || is_passed_through (picture, index) || node->op == AG_OP_view
                         ? NULL
                         : describe_operation (picture, index);
    }
  else
    {
      box->label = describe_operation (picture, index);
    }
}

/* The box that shows what a node uses as an operand, −1 if that is no box. */
static gint
box_behind (const AgGraphOutline *outline,
            const AgGraphPicture *picture,
            guint index)
{
  while (outline->box_of[index] < 0 && is_passed_through (picture, index))
    index = find_operand (picture, index, 0)->from;
  return outline->box_of[index];
}

static void
add_link (AgGraphOutline *outline,
          gint from,
          gint to,
          gint edge)
{
  if (from < 0 || to < 0 || from == to)
    return;
  for (guint i = 0; edge < 0 && i < outline->n_links; i++)
    if (outline->links[i].from == (guint) from && outline->links[i].to == (guint) to)
      return;
  outline->links[outline->n_links++] = (AgGraphLink){ (guint) from, (guint) to, edge };
}

/* A box for all of a part of the step, which has the value of what the part comes to. */
static void
add_closed_part (AgGraphOutline *outline,
                 const AgGraphPicture *picture,
                 const gboolean *is_shown,
                 AgStop stop)
{
  AgGraphBox *box = &outline->boxes[outline->n_boxes];

  *box = (AgGraphBox){ .label = g_strdup (ag_stop_title (stop)), .is_closed = TRUE };
  for (guint i = 0; i < picture->n_nodes; i++)
    if (is_shown[i] && picture->nodes[i].stop == stop && !is_leaf (&picture->nodes[i]))
      {
        box->node = i;
        box->n_inside++;
        outline->box_of[i] = (gint) outline->n_boxes;
      }
  box->operation = g_strdup_printf (ngettext ("%u operation", "%u operations", box->n_inside),
                                    box->n_inside);
  outline->n_boxes++;
}

/* Which parts are to be a box each, so that not too much is shown: those that have most to be
 * shown, of those that nobody opened. */
static guint
choose_closed (const AgGraphPicture *picture,
               const gboolean *is_shown,
               guint opened)
{
  guint counts[AG_N_STOPS] = { 0 }, n = 0, closed = 0;

  for (guint i = 0; i < picture->n_nodes; i++)
    {
      n += is_shown[i];
      counts[picture->nodes[i].stop] += is_shown[i] && !is_leaf (&picture->nodes[i]);
    }
  while (n > AG_GRAPH_MOST_BOXES)
    {
      gint most = -1;

      for (gint stop = 0; stop < AG_N_STOPS; stop++)
        if (((closed | opened) & AG_STOP_BIT (stop)) == 0 && counts[stop] > 1
            && (most < 0 || counts[stop] > counts[most]))
          most = stop;
      if (most < 0)
        break;
      closed |= AG_STOP_BIT (most);
      n -= counts[most] - 1;
    }
  return closed;
}

/* Values that only closed parts behind the loss begin with, as an optimizer's states, are in these
 * parts. */
static gboolean
is_inside_part (const AgGraphPicture *picture,
                guint leaf,
                const gboolean *is_shown,
                guint closed)
{
  const guint behind = closed & ~(AG_STOP_BIT (AG_STOP_PREDICT) | AG_STOP_BIT (AG_STOP_LOSS));

  for (guint i = 0; i < picture->n_edges; i++)
    if (picture->edges[i].from == leaf && is_shown[picture->edges[i].to]
        && (behind & AG_STOP_BIT (picture->nodes[picture->edges[i].to].stop)) == 0)
      return FALSE;
  return behind != 0;
}

/* Adds the boxes part by part, since what is used by one may be recorded after the other has
 * begun. */
static void
add_parts (AgGraphOutline *outline,
           const AgGraphPicture *picture,
           const gboolean *is_shown,
           gboolean is_open,
           guint closed)
{
  for (guint i = 0; i < picture->n_nodes; i++)
    if (is_shown[i] && is_leaf (&picture->nodes[i])
        && !is_inside_part (picture, i, is_shown, closed))
      add_box (outline, picture, i, is_open);
  for (guint stop = 0; stop < AG_N_STOPS; stop++)
    if ((closed & AG_STOP_BIT (stop)) != 0)
      add_closed_part (outline, picture, is_shown, (AgStop) stop);
    else
      for (guint i = 0; i < picture->n_nodes; i++)
        if (is_shown[i] && picture->nodes[i].stop == stop && !is_leaf (&picture->nodes[i]))
          add_box (outline, picture, i, is_open);
}

static gboolean
is_closed (const AgGraphOutline *outline,
           gint box)
{
  return box >= 0 && outline->boxes[box].n_inside > 0;
}

static void
add_links (AgGraphOutline *outline,
           const AgGraphPicture *picture,
           gboolean is_open)
{
  outline->links = g_new (AgGraphLink, picture->n_edges);
  for (guint i = 0; i < picture->n_edges; i++)
    {
      const AgGraphEdge *edge = &picture->edges[i];
      const gint from = box_behind (outline, picture, edge->from);

      if (is_inside_closed (picture, edge->to, is_open))
        add_link (outline, from,
                  outline->box_of[picture->functions[picture->nodes[edge->to].function].output], -1);
      else
        add_link (outline, from, outline->box_of[edge->to],
                  is_closed (outline, from) || is_closed (outline, outline->box_of[edge->to])
                    ? -1
                    : (gint) i);
    }
}

/**
 * ag_graph_outline_new:
 * @picture: a picture
 * @stops: which stops are shown, of %AG_STOP_BIT each
 * @is_open: whether what a custom Function recorded is shown too
 * @opened: the stops of which every operation is shown, however many these are
 *
 * Chooses what of a picture is shown. What is shown, and in which order, depends on the
 * picture's structure alone. If that is more than %AG_GRAPH_MOST_BOXES, whole parts of the step
 * are a box each.
 *
 * Returns: (transfer full): that
 */
AgGraphOutline *
ag_graph_outline_new (const AgGraphPicture *picture,
                      guint stops,
                      gboolean is_open,
                      guint opened)
{
  AgGraphOutline *outline = g_new0 (AgGraphOutline, 1);
  g_autofree gboolean *is_used = g_new0 (gboolean, picture->n_nodes);
  g_autofree gboolean *is_shown = g_new0 (gboolean, picture->n_nodes);
  guint closed;

  outline->boxes = g_new0 (AgGraphBox, picture->n_nodes);
  outline->box_of = g_new (gint, picture->n_nodes);
  for (guint i = picture->n_nodes; i-- > 0;)
    {
      const AgGraphNode *node = &picture->nodes[i];
      const gboolean is_wanted = (stops & AG_STOP_BIT (node->stop)) != 0 && !is_leaf (node);

      outline->box_of[i] = -1;
      is_used[i] |= is_wanted;
      if (!is_used[i])
        continue;
      for (guint k = 0; k < picture->n_edges; k++)
        if (picture->edges[k].to == i)
          is_used[picture->edges[k].from] |= is_leaf (&picture->nodes[picture->edges[k].from])
                                             || is_passed_through (picture, picture->edges[k].from);
    }
  for (guint i = 0; i < picture->n_nodes; i++)
    is_shown[i] = is_used[i] && picture->nodes[i].op != AG_OP_number
                  && !is_passed_through (picture, i) && !is_inside_closed (picture, i, is_open);
  closed = choose_closed (picture, is_shown, opened);
  if (closed != 0)
    add_parts (outline, picture, is_shown, is_open, closed);
  for (guint i = 0; closed == 0 && i < picture->n_nodes; i++)
    if (is_shown[i])
      add_box (outline, picture, i, is_open);
  add_links (outline, picture, is_open);
  return outline;
}

/**
 * ag_graph_outline_free:
 * @outline: (transfer full): an outline
 */
void
ag_graph_outline_free (AgGraphOutline *outline)
{
  for (guint i = 0; i < outline->n_boxes; i++)
    {
      g_free (outline->boxes[i].label);
      g_free (outline->boxes[i].operation);
    }
  g_free (outline->boxes);
  g_free (outline->links);
  g_free (outline->box_of);
  g_free (outline);
}
