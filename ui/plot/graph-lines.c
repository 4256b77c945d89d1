/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/graph-lines.h"

#include "script/call-sites.h"

#include <string.h>

/**
 * ConvergeGraphLines:
 * @listing: (nullable): what the step is compiled from
 * @of_nodes: (nullable): the number of the line that each node of the picture is of
 *
 * Which line of a program a box of a graph is of. It is found out when somebody wants to know.
 */
struct _ConvergeGraphLines
{
  GArray *listing;
  gint *of_nodes;
};

/**
 * converge_graph_lines_new:
 *
 * Returns: (transfer full): lines of which nothing is known yet
 */
ConvergeGraphLines *
converge_graph_lines_new (void)
{
  return g_new0 (ConvergeGraphLines, 1);
}

/**
 * converge_graph_lines_forget:
 * @lines: the lines
 *
 * Forgets what was found out about a picture.
 */
void
converge_graph_lines_forget (ConvergeGraphLines *lines)
{
  g_clear_pointer (&lines->listing, g_array_unref);
  g_clear_pointer (&lines->of_nodes, g_free);
}

/**
 * converge_graph_lines_free:
 * @lines: (transfer full): the lines
 */
void
converge_graph_lines_free (ConvergeGraphLines *lines)
{
  converge_graph_lines_forget (lines);
  g_free (lines);
}

/**
 * converge_graph_lines_find:
 * @lines: the lines, which know of no other picture
 * @spec: a run
 * @drawing: a graph of one of its steps
 * @box: number of a box
 *
 * Returns: number of the line that recorded the box, among those of ag_listing_new_c(); −1 if
 *   none did
 */
gint
converge_graph_lines_find (ConvergeGraphLines *lines,
                           const AgRunSpec *spec,
                           const ConvergeGraphDrawing *drawing,
                           guint box)
{
  if (lines->listing == NULL)
    {
      lines->listing = ag_listing_new_c (spec);
      lines->of_nodes = ag_call_sites_find (lines->listing, drawing->picture);
    }
  return lines->of_nodes[drawing->outline->boxes[box].node];
}

/**
 * converge_graph_lines_get_text:
 * @lines: the lines
 * @line: number of one that was found
 *
 * Returns: (transfer none): the line, without the blanks before it
 */
const char *
converge_graph_lines_get_text (const ConvergeGraphLines *lines,
                               guint line)
{
  const char *text = g_array_index (lines->listing, AgListingLine, line).text;

  return text + strspn (text, " ");
}
