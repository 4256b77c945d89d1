/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-note.h"

#include "plot/plot-pen.h"
#include "plot/plot-text.h"

#define LINE 1.4
#define SCALE 0.88

/* A note has room for so many lines, whatever it says, so that the data do not move when it says
 * something else: more in a plot that is narrower, in the size of the font, than that. */
#define N_LINES 2
#define MORE_LINES 4
#define NARROW 52

/* A plot lower than this has no note. */
#define LOW 40

static guint
count_lines (const ConvergePlotStyle *style,
             double width)
{
  return width < NARROW * style->font_size ? MORE_LINES : N_LINES;
}

/**
 * converge_plot_note_height:
 * @plot: a plot
 * @style: the style
 * @width: of the surface, in pixels
 * @height: of the surface
 *
 * Returns: the room for the plot's note below its data, in pixels; 0 without one
 */
double
converge_plot_note_height (const ConvergePlot *plot,
                           const ConvergePlotStyle *style,
                           double width,
                           double height)
{
  if (plot->note == NULL || height < LOW * style->font_size)
    return 0;
  return LINE * SCALE * style->font_size * count_lines (style, width) + 0.4 * style->font_size;
}

/**
 * converge_plot_draw_note:
 * @plot: a plot
 * @cr: a cairo context
 * @width: of the surface, in pixels
 * @height: of the surface
 * @style: the style
 *
 * Writes the plot's note below its data, as far as there is room.
 */
void
converge_plot_draw_note (const ConvergePlot *plot,
                         cairo_t *cr,
                         double width,
                         double height,
                         const ConvergePlotStyle *style)
{
  const double room = converge_plot_note_height (plot, style, width, height);
  const double line = LINE * SCALE * style->font_size, margin = style->font_size;
  g_auto (GStrv) lines = NULL;

  if (room <= 0 || width <= 4 * margin)
    return;
  cairo_save (cr);
  converge_plot_set_font (cr, style, SCALE);
  converge_plot_set_color (cr, style->text, 1);
  lines = converge_plot_wrap_text (cr, plot->note, width - 2 * margin);
  for (guint i = 0; lines[i] != NULL && i < count_lines (style, width); i++)
    {
      cairo_move_to (cr, margin, height - room + line * (i + 0.75));
      converge_plot_show_text (cr, lines[i]);
    }
  cairo_restore (cr);
}
