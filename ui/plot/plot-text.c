/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-text.h"

#ifdef HAVE_PANGO
#include <pango/pangocairo.h>
#endif

/* Where there is a window there is Pango, which finds a font for every letter.
 * Without one, cairo's own text is enough: the command line speaks English. */

/**
 * converge_plot_set_font:
 * @cr: a cairo context
 * @style: the style
 * @scale: size, as a multiple of the style's
 */
void
converge_plot_set_font (cairo_t *cr,
                        const ConvergePlotStyle *style,
                        double scale)
{
  cairo_select_font_face (cr, style->font, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, style->font_size * scale);
}

/**
 * converge_plot_set_title_font:
 * @cr: a cairo context
 * @style: the style
 */
void
converge_plot_set_title_font (cairo_t *cr,
                              const ConvergePlotStyle *style)
{
  cairo_select_font_face (cr, style->font, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, style->font_size);
}

#ifdef HAVE_PANGO
static PangoLayout *
make_layout (cairo_t *cr,
             const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_new ();
  cairo_font_face_t *face = cairo_get_font_face (cr);
  cairo_matrix_t size;

  cairo_get_font_matrix (cr, &size);
  pango_font_description_set_family (font, cairo_toy_font_face_get_family (face));
  if (cairo_toy_font_face_get_weight (face) == CAIRO_FONT_WEIGHT_BOLD)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_font_description_set_absolute_size (font, size.xx * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text, -1);
  return layout;
}
#endif

/**
 * converge_plot_text_width:
 * @cr: a cairo context with a font
 * @text: a line of text
 *
 * Returns: how far @text moves on from where it begins, in user units
 */
double
converge_plot_text_width (cairo_t *cr,
                          const char *text)
{
#ifdef HAVE_PANGO
  PangoLayout *layout = make_layout (cr, text);
  int width;

  pango_layout_get_size (layout, &width, NULL);
  g_object_unref (layout);
  return (double) width / PANGO_SCALE;
#else
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  return extents.x_advance;
#endif
}

/**
 * converge_plot_show_text:
 * @cr: a cairo context with a font, at the left end of a baseline
 * @text: a line of text
 *
 * Writes @text.
 */
void
converge_plot_show_text (cairo_t *cr,
                         const char *text)
{
#ifdef HAVE_PANGO
  PangoLayout *layout = make_layout (cr, text);

  cairo_rel_move_to (cr, 0, -(double) pango_layout_get_baseline (layout) / PANGO_SCALE);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
#else
  cairo_show_text (cr, text);
#endif
}

#define SEPARATOR "·"

/* Returns the end of the line that begins at @text: behind the last separator that fits, or if
 * there is none, behind the last word, or else behind the last letter, but one letter at least. */
static const char *
find_line_end (cairo_t *cr,
               const char *text,
               double width)
{
  const char *part_end = NULL, *word_end = NULL, *end = text;

  while (*end != '\0')
    {
      const char *next = g_utf8_next_char (end);
      g_autofree char *line = g_strndup (text, (gsize) (next - text));

      if (*end == ' ')
        word_end = end;
      else if (end > text && converge_plot_text_width (cr, line) > width)
        return part_end != NULL ? part_end : word_end != NULL ? word_end
                                                              : end;
      if (g_str_has_prefix (end, SEPARATOR))
        part_end = next;
      end = next;
    }
  return end;
}

/**
 * converge_plot_wrap_text:
 * @cr: a cairo context with a font
 * @text: a text
 * @width: how wide a line may be, in user units
 *
 * Cuts a text into lines, behind a “·” where that is possible, and else at a blank.
 *
 * Returns: (transfer full): its lines
 */
GStrv
converge_plot_wrap_text (cairo_t *cr,
                         const char *text,
                         double width)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  while (*text != '\0')
    {
      const char *end = find_line_end (cr, text, width);
      g_autofree char *line = g_strndup (text, (gsize) (end - text));

      g_strv_builder_add (lines, line);
      for (text = end; *text == ' '; text++)
        ;
    }
  return g_strv_builder_end (lines);
}
