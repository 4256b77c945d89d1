/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table-lines.h"

/* A file where lines without a point are so many is not followed to its end: what is noted of it
 * takes 16 MiB by then. */
#define MAX_JUMPS (1 << 20)

/**
 * Jump:
 * @point: number of a point, from 0
 * @line: its line, from 1
 *
 * A point that is not in the line after that of the point before.
 */
typedef struct
{
  gint64 point;
  gint64 line;
} Jump;

/**
 * AgTableLines:
 * @jumps: (element-type Jump): where lines are left out, the first point being one of them
 * @n_points: how many points are noted
 * @next_line: the line after that of the last one; 0 before the first, and −1 once there are too
 *   many jumps
 */
struct _AgTableLines
{
  GArray *jumps;
  gint64 n_points;
  gint64 next_line;
};

/**
 * ag_table_lines_new:
 *
 * Returns: (transfer full): the lines of no point so far
 */
AgTableLines *
ag_table_lines_new (void)
{
  AgTableLines *lines = g_new0 (AgTableLines, 1);

  lines->jumps = g_array_new (FALSE, FALSE, sizeof (Jump));
  return lines;
}

/**
 * ag_table_lines_free:
 * @lines: (transfer full): lines
 */
void
ag_table_lines_free (AgTableLines *lines)
{
  g_array_unref (lines->jumps);
  g_free (lines);
}

/**
 * ag_table_lines_add:
 * @lines: lines
 * @line: the line that the next point begins in, from 1; more than that of the point before
 *
 * Notes where a point is, after all those before it. Only jumps take memory.
 */
void
ag_table_lines_add (AgTableLines *lines,
                    gint64 line)
{
  if (lines->next_line < 0)
    return;
  if (line != lines->next_line)
    {
      const Jump jump = { lines->n_points, line };

      if (lines->jumps->len == MAX_JUMPS)
        {
          lines->next_line = -1;
          return;
        }
      g_array_append_val (lines->jumps, jump);
    }
  lines->next_line = line + 1;
  lines->n_points++;
}

/**
 * ag_table_lines_nth:
 * @lines: lines
 * @point: number of a point, from 0
 *
 * Returns: the line that it begins in, from 1; 0 if that was not noted, since the file has more
 *   than a million lines without a point before it
 */
gint64
ag_table_lines_nth (const AgTableLines *lines,
                    gint64 point)
{
  guint first = 0, end = lines->jumps->len;
  const Jump *jump;

  if (point < 0 || point >= lines->n_points)
    return 0;
  while (end - first > 1)
    {
      const guint middle = first + (end - first) / 2;

      if (g_array_index (lines->jumps, Jump, middle).point <= point)
        first = middle;
      else
        end = middle;
    }
  jump = &g_array_index (lines->jumps, Jump, first);
  return jump->line + (point - jump->point);
}
