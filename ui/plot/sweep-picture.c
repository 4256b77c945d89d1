/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/sweep-picture.h"

#include "plot/plot-export.h"

#include <glib/gi18n-lib.h>

/* The picture of a sweep, from the window and from the command line: of one setting its
 * curves, and of two a map for each curve, with what all runs have in common below. */

#define WIDTH 1200
#define PLOT_HEIGHT 480

/* A map is about as high as it is wide. */
#define MAP_WIDTH 900
#define MAP_HEIGHT 760

/**
 * Picture:
 * @page: what is on it
 * @plots: (element-type ConvergePlot): its plots
 * @width: in pixels
 * @height: in pixels
 * @style: what it looks like
 * @heading: what came of it, which @page points to
 * @caption: what all runs have in common
 *
 * A picture that is ready to be drawn.
 */
typedef struct
{
  ConvergePlotPage page;
  GPtrArray *plots;
  double width;
  double height;
  ConvergePlotStyle style;
  char *heading;
  char *caption;
} Picture;

static void
picture_clear (Picture *picture)
{
  g_clear_pointer (&picture->plots, g_ptr_array_unref);
  g_free (picture->heading);
  g_free (picture->caption);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Picture, picture_clear)

static void
add_curves (Picture *picture,
            AgSweep *sweep,
            const ConvergeSweepLook *look)
{
  ConvergePlot *plot = converge_sweep_plot_new (sweep, look);

  converge_sweep_plot_update (plot, sweep, look);
  g_ptr_array_add (picture->plots, plot);
}

static void
add_maps (Picture *picture,
          AgSweep *sweep,
          const ConvergeSweepLook *look)
{
  for (guint curve = 0; curve < ag_sweep_n_specs (sweep); curve++)
    {
      ConvergePlot *plot = converge_map_plot_new (sweep, curve, look);

      converge_map_plot_update (plot, sweep, curve, look);
      g_ptr_array_add (picture->plots, plot);
    }
}

/* Where the least loss is known, it is also of interest how soon one is near it. */
static void
picture_init (Picture *picture,
              AgSweep *sweep,
              const ConvergeSweepLook *look)
{
  const gboolean is_map = ag_sweep_n_axes (sweep) > 1;
  const ConvergeSweepLook steps = { CONVERGE_SWEEP_STEPS, 0, look->above, { look->now[0], NAN } };

  picture->plots = g_ptr_array_new_with_free_func ((GDestroyNotify) converge_plot_free);
  if (is_map)
    add_maps (picture, sweep, look);
  else
    add_curves (picture, sweep, look);
  if (!is_map && look->quantity == CONVERGE_SWEEP_LOSS && ag_sweep_optimum (sweep) != NULL)
    add_curves (picture, sweep, &steps);
  picture->heading = converge_sweep_describe (sweep);
  picture->caption = converge_sweep_caption (sweep);
  picture->page = (ConvergePlotPage){ .plots = (ConvergePlot *const *) picture->plots->pdata,
                                      .n_plots = picture->plots->len,
                                      .heading = picture->heading,
                                      .caption = picture->caption };
  picture->width = is_map ? MAP_WIDTH : WIDTH;
  picture->height = (is_map ? MAP_HEIGHT : PLOT_HEIGHT) * picture->plots->len;
  converge_plot_style_init (&picture->style, FALSE, FALSE);
}

/**
 * converge_sweep_picture_write:
 * @sweep: a sweep
 * @look: how it is looked at
 * @transaction: what the file is part of
 * @path: path of the file, whose ending is that of a #ConvergePlotFormat
 * @error: return location for a #GError
 *
 * Draws what is made of the sweep into a file.
 *
 * Returns: whether the transaction has the file
 */
gboolean
converge_sweep_picture_write (AgSweep *sweep,
                              const ConvergeSweepLook *look,
                              AgTransaction *transaction,
                              const char *path,
                              GError **error)
{
  g_auto (Picture) picture = { 0 };

  picture_init (&picture, sweep, look);
  return converge_plot_export (&picture.page, transaction, path, picture.width, picture.height,
                               &picture.style, error);
}

/**
 * converge_sweep_picture_paint:
 * @sweep: a sweep
 * @look: how it is looked at
 *
 * Returns: (transfer full): the same picture as pixels, as a PNG file has them; in an error
 *   state if there is no memory for it
 */
cairo_surface_t *
converge_sweep_picture_paint (AgSweep *sweep,
                              const ConvergeSweepLook *look)
{
  g_auto (Picture) picture = { 0 };

  picture_init (&picture, sweep, look);
  return converge_plot_paint (&picture.page, picture.width, picture.height, &picture.style);
}
