/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture/graph-file.h"

#include <math.h>

/* See: <https://graphviz.org/doc/info/lang.html> */

static void
write_text (FILE *stream,
            const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    fprintf (stream, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
}

static void
write_number (FILE *stream,
              double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  fputs (g_ascii_formatd (buffer, sizeof buffer, "%.4g", value), stream);
}

static void
write_value (FILE *stream,
             const char *heading,
             const AgGraphValue *value)
{
  if (value->n_elements == 0)
    return;
  fprintf (stream, "\\n%s", heading);
  if (value->minimum == value->maximum || value->n_elements == 1)
    {
      write_number (stream, value->mean);
      return;
    }
  write_number (stream, value->minimum);
  fputs (" … ", stream);
  write_number (stream, value->mean);
  fputs (" … ", stream);
  write_number (stream, value->maximum);
}

static void
write_box (FILE *stream,
           const AgGraphPicture *picture,
           const AgGraphBox *box,
           guint index)
{
  const AgGraphNode *node = &picture->nodes[box->node];

  fprintf (stream, "  n%u [label=\"", index);
  write_text (stream, box->label);
  if (box->operation != NULL)
    {
      fputs (box->n_inside > 0 ? ": " : " = ", stream);
      write_text (stream, box->operation);
    }
  /* Only of predict and loss the last operation is what they come to. */
  if (box->n_inside == 0 || node->stop <= AG_STOP_LOSS)
    {
      write_value (stream, "", &node->value);
      write_value (stream, "∂ ", &node->gradient);
    }
  fprintf (stream, "\", class=\"%s\"", ag_stop_id (node->stop));
  if (node->op == AG_OP_input)
    fputs (", style=\"rounded,filled\", fillcolor=\"#eef3f8\"", stream);
  if (!node->is_taken)
    fputs (", color=gray, fontcolor=gray", stream);
  fputs ("];\n", stream);
}

static void
write_link (FILE *stream,
            const AgGraphPicture *picture,
            const AgGraphLink *link)
{
  const AgGraphEdge *edge = link->edge >= 0 ? &picture->edges[link->edge] : NULL;

  fprintf (stream, "  n%u -> n%u", link->from, link->to);
  if (edge != NULL && !edge->is_taken)
    fputs (" [color=gray]", stream);
  else if (edge != NULL && edge->derivative.n_elements > 0
           && edge->derivative.minimum == edge->derivative.maximum)
    {
      fputs (" [label=\"", stream);
      write_number (stream, edge->derivative.mean);
      fputs ("\"]", stream);
    }
  fputs (";\n", stream);
}

/**
 * ag_graph_picture_write_dot:
 * @picture: a picture
 * @outline: what of it is shown
 * @stream: where to write
 *
 * Writes what is shown of a picture in the language of Graphviz.
 */
void
ag_graph_picture_write_dot (const AgGraphPicture *picture,
                            const AgGraphOutline *outline,
                            FILE *stream)
{
  fprintf (stream, "digraph \"step %" G_GINT64_FORMAT "\" {\n"
                   "  rankdir=LR;\n"
                   "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n"
                   "  edge [fontname=\"sans-serif\", fontsize=9];\n",
           picture->step);
  for (guint i = 0; i < outline->n_boxes; i++)
    write_box (stream, picture, &outline->boxes[i], i);
  for (guint i = 0; i < outline->n_links; i++)
    write_link (stream, picture, &outline->links[i]);
  fputs ("}\n", stream);
}
