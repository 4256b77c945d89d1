/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-page.h"

#include "plot/plot-draw.h"
#include "plot/plot-pen.h"
#include "plot/plot-text.h"

#include <math.h>

/* Sizes of the texts, as multiples of the style's. */
#define HEADING_SCALE 1.35
#define TEXT_SCALE 0.92

/* How high a line is, in the size of its font. */
#define LINE 1.5

/* Room beside the texts, above the first and below the last of them, in the size of
 * the style's font. */
#define MARGIN 1.2
#define END_GAP 0.6

/* Writes a line in the middle, and returns where the next one begins. */
static double
draw_line (cairo_t *cr,
           const char *line,
           double width,
           double top,
           double size)
{
  cairo_move_to (cr, (width - converge_plot_text_width (cr, line)) / 2, top + 1.1 * size);
  converge_plot_show_text (cr, line);
  return top + LINE * size;
}

/* Returns what is left between the texts' margins. */
static double
text_width (double width,
            const ConvergePlotStyle *style)
{
  return fmax (width - 2 * MARGIN * style->font_size, 1);
}

/* A heading that is too long for its line is written smaller. */
static double
draw_heading (cairo_t *cr,
              const char *heading,
              double width,
              double top,
              const ConvergePlotStyle *style)
{
  double scale = HEADING_SCALE;
  double needed;

  converge_plot_set_font (cr, style, scale);
  needed = converge_plot_text_width (cr, heading);
  scale *= fmin (text_width (width, style) / needed, 1);
  converge_plot_set_font (cr, style, scale);
  return draw_line (cr, heading, width, top, scale * style->font_size);
}

/* A text that is too long for a line goes on in the next one. */
static double
draw_text (cairo_t *cr,
           char *const *lines,
           double width,
           double top,
           const ConvergePlotStyle *style)
{
  for (guint i = 0; lines[i] != NULL; i++)
    top = draw_line (cr, lines[i], width, top, TEXT_SCALE * style->font_size);
  return top;
}

static GStrv
wrap (cairo_t *cr,
      const char *text,
      double width,
      const ConvergePlotStyle *style)
{
  converge_plot_set_font (cr, style, TEXT_SCALE);
  return converge_plot_wrap_text (cr, text, text_width (width, style));
}

static void
draw_plots (const ConvergePlotPage *page,
            cairo_t *cr,
            double width,
            double top,
            double bottom,
            const ConvergePlotStyle *style)
{
  const double height = fmax (bottom - top, 1) / (page->is_beside ? 1 : page->n_plots);

  if (page->is_beside)
    width /= page->n_plots;
  for (guint i = 0; i < page->n_plots; i++)
    {
      cairo_save (cr);
      if (page->is_beside)
        cairo_translate (cr, floor (width * i), floor (top));
      else
        cairo_translate (cr, 0, floor (top + height * i));
      cairo_rectangle (cr, 0, 0, ceil (width), ceil (height));
      cairo_clip (cr);
      converge_plot_draw (page->plots[i], cr, width, height, style);
      cairo_restore (cr);
    }
}

/**
 * converge_plot_page_draw:
 * @page: what a picture has on it
 * @cr: a cairo context
 * @width: of the picture, in pixels
 * @height: of the picture; the plots share what the texts leave of it
 * @style: what it looks like
 *
 * Draws the picture.
 */
void
converge_plot_page_draw (const ConvergePlotPage *page,
                         cairo_t *cr,
                         double width,
                         double height,
                         const ConvergePlotStyle *style)
{
  double top = 0, bottom = height;

  cairo_save (cr);
  converge_plot_set_color (cr, style->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);

  converge_plot_set_color (cr, style->text, 1);
  if (page->heading != NULL)
    top = draw_heading (cr, page->heading, width, END_GAP * style->font_size, style);
  if (page->note != NULL)
    {
      g_auto (GStrv) lines = wrap (cr, page->note, width, style);

      top = draw_text (cr, lines, width, top, style);
    }
  if (page->caption != NULL)
    {
      g_auto (GStrv) lines = wrap (cr, page->caption, width, style);
      const double line = LINE * TEXT_SCALE * style->font_size;

      bottom -= g_strv_length (lines) * line + END_GAP * style->font_size;
      draw_text (cr, lines, width, bottom, style);
    }
  draw_plots (page, cr, width, top, bottom, style);
  cairo_restore (cr);
}
