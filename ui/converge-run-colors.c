/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-colors.h"

/* Which colours runs have: a run keeps its own as long as it lives, also while it is out of the
 * list and may come back, and the next one gets the first that nobody has. */

typedef struct
{
  GArray *colors;
  guint color;
} TakenColor;

static void
give_color_back (gpointer data,
                 GObject *run)
{
  TakenColor *taken = data;

  g_array_index (taken->colors, guint, taken->color)--;
  g_array_unref (taken->colors);
  g_free (taken);
}

/**
 * converge_run_colors_new:
 *
 * Returns: (transfer full) (element-type guint): how many runs there are of each colour, none
 *   so far
 */
GArray *
converge_run_colors_new (void)
{
  return g_array_new (FALSE, TRUE, sizeof (guint));
}

/**
 * converge_run_colors_next:
 * @colors: (element-type guint): how many runs there are of each colour
 *
 * Returns: the colour that the next new run gets
 */
guint
converge_run_colors_next (GArray *colors)
{
  guint color = 0;

  while (color < colors->len && g_array_index (colors, guint, color) > 0)
    color++;
  return color;
}

/**
 * converge_run_colors_take:
 * @colors: (element-type guint): how many runs there are of each colour
 * @run: a run
 *
 * Gives a run the colour that it had, if nobody else has it, or the next one. Asked again for the
 * same run, it does nothing.
 */
void
converge_run_colors_take (GArray *colors,
                          ConvergeRun *run)
{
  static const char key[] = "converge-run-colors";
  TakenColor *taken;
  guint color = converge_run_get_color (run);

  if (g_object_get_data (G_OBJECT (run), key) != NULL)
    return;
  if (color == CONVERGE_RUN_NO_COLOR
      || (color < colors->len && g_array_index (colors, guint, color) > 0))
    color = converge_run_colors_next (colors);
  if (color >= colors->len)
    g_array_set_size (colors, color + 1);
  g_array_index (colors, guint, color)++;
  taken = g_new (TakenColor, 1);
  *taken = (TakenColor){ g_array_ref (colors), color };
  g_object_set_data (G_OBJECT (run), key, taken);
  g_object_weak_ref (G_OBJECT (run), give_color_back, taken);
  converge_run_set_color (run, color);
}
