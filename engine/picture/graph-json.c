/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture/graph-file.h"

#include "base/json.h"

/* In the lines of an array, so far to the right. */
#define INDENT 4

static void
add_value (AgJson *json,
           const char *name,
           const AgGraphValue *value)
{
  AgJson members;

  if (value->n_elements == 0)
    return;
  ag_json_name (json, name);
  if (value->n_elements == 1)
    {
      ag_json_write_number (json->stream, value->mean);
      return;
    }
  members = ag_json_object (json->stream, json->indent + 2);
  ag_json_add_number (&members, "minimum", value->minimum);
  ag_json_add_number (&members, "mean", value->mean);
  ag_json_add_number (&members, "maximum", value->maximum);
  ag_json_add_number (&members, "probe", value->probe);
  ag_json_end (&members);
}

static void
add_shape (AgJson *json,
           const AgLayout *shape)
{
  ag_json_name (json, "shape");
  fputc ('[', json->stream);
  for (gint i = 0; i < shape->n_dims; i++)
    fprintf (json->stream, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", shape->dims[i]);
  fputc (']', json->stream);
}

static void
add_operands (AgJson *json,
              const AgGraphPicture *picture,
              guint index)
{
  const char *separator = "";

  ag_json_name (json, "operands");
  fputc ('[', json->stream);
  for (guint operand = 0; operand < AG_OP_MAX_OPERANDS; operand++)
    for (guint i = 0; i < picture->n_edges; i++)
      if (picture->edges[i].to == index && picture->edges[i].operand == operand
          && picture->edges[i].is_taken)
        {
          fprintf (json->stream, "%s%u", separator, picture->edges[i].from);
          separator = ", ";
        }
  fputc (']', json->stream);
}

static void
write_node (const AgGraphPicture *picture,
            guint index,
            FILE *stream)
{
  const AgGraphNode *node = &picture->nodes[index];
  AgJson json = ag_json_object (stream, INDENT);

  ag_json_add_whole (&json, "id", index);
  ag_json_add_text (&json, "operation", ag_op_info (node->op)->name);
  if (node->name != NULL)
    ag_json_add_text (&json, "name", node->name);
  ag_json_add_text (&json, "stop", ag_stop_id (node->stop));
  ag_json_add_text (&json, "dtype", ag_dtype_name (node->dtype));
  add_shape (&json, node->shape);
  add_operands (&json, picture, index);
  if (!node->is_taken)
    ag_json_add_flag (&json, "taken", FALSE);
  if (node->function >= 0)
    ag_json_add_text (&json, "function", picture->functions[node->function].name);
  if (node->loop >= 0)
    ag_json_add_whole (&json, "loop", node->loop);
  add_value (&json, "value", &node->value);
  add_value (&json, "gradient", &node->gradient);
  ag_json_end (&json);
}

static void
write_edge (const AgGraphEdge *edge,
            FILE *stream)
{
  AgJson json = ag_json_object (stream, INDENT);

  ag_json_add_whole (&json, "from", edge->from);
  ag_json_add_whole (&json, "to", edge->to);
  ag_json_add_whole (&json, "operand", edge->operand);
  if (!edge->is_taken)
    ag_json_add_flag (&json, "taken", FALSE);
  add_value (&json, "derivative", &edge->derivative);
  ag_json_end (&json);
}

/**
 * ag_graph_picture_write_json:
 * @picture: a picture
 * @command: the command that makes it again
 * @stream: where to write
 *
 * Writes all of a picture but the little curves as JSON: each node with its operation, name,
 * part of the step, shape, operands, value and gradient, of which one with many elements has
 * the least, the mean, the greatest and that of the probe; each edge with its derivative.
 */
void
ag_graph_picture_write_json (const AgGraphPicture *picture,
                             const char *command,
                             FILE *stream)
{
  AgJson json = ag_json_object (stream, 0);
  AgJson array;

  ag_json_add_text (&json, "converge", AG_VERSION);
  ag_json_add_text (&json, "command", command);
  ag_json_add_whole (&json, "step", picture->step);
  ag_json_add_whole (&json, "probe", picture->probe);
  ag_json_add_number (&json, "loss", picture->loss);
  ag_json_name (&json, "nodes");
  array = ag_json_array (stream, 2);
  for (guint i = 0; i < picture->n_nodes; i++)
    {
      ag_json_next (&array);
      write_node (picture, i, stream);
    }
  ag_json_end (&array);
  ag_json_name (&json, "edges");
  array = ag_json_array (stream, 2);
  for (guint i = 0; i < picture->n_edges; i++)
    {
      ag_json_next (&array);
      write_edge (&picture->edges[i], stream);
    }
  ag_json_end (&array);
  ag_json_end (&json);
  fputc ('\n', stream);
}
