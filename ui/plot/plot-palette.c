/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-palette.h"

/* The colours of Okabe and Ito, "Color Universal Design", 2008. */
static const guint32 okabe_ito[CONVERGE_PALETTE_SIZE] = {
  0x0072b2,
  0xd55e00,
  0x009e73,
  0xe69f00,
  0x56b4e9,
  0xcc79a7,
};

/**
 * converge_color_from_rgb:
 * @rgb: 0xrrggbb
 * @alpha: from 0 to 1
 *
 * Returns: the colour
 */
ConvergeColor
converge_color_from_rgb (guint32 rgb,
                         double alpha)
{
  ConvergeColor color = { (double) (rgb >> 16 & 0xff) / 255, (double) (rgb >> 8 & 0xff) / 255,
                          (double) (rgb & 0xff) / 255, alpha };

  return color;
}

static double
mix (double a,
     double b,
     double share)
{
  return a + (b - a) * share;
}

/**
 * converge_plot_style_init:
 * @style: (out): a style
 * @is_dark: whether it is bright on dark
 * @is_high_contrast: whether lines are to be strong
 *
 * Fills in a style like the desktop's.
 */
void
converge_plot_style_init (ConvergePlotStyle *style,
                          gboolean is_dark,
                          gboolean is_high_contrast)
{
  guint32 ink = is_dark ? 0xffffff : 0x000000;
  double lighter = is_dark ? 0.3 : 0;

  style->background = converge_color_from_rgb (is_dark ? 0x1e1e1e : 0xffffff, 1);
  style->text = converge_color_from_rgb (ink, is_high_contrast ? 1 : 0.8);
  style->axis = converge_color_from_rgb (ink, is_high_contrast ? 1 : 0.45);
  style->grid = converge_color_from_rgb (ink, is_high_contrast ? 0.35 : 0.1);
  for (guint i = 0; i < CONVERGE_PALETTE_SIZE; i++)
    {
      ConvergeColor color = converge_color_from_rgb (okabe_ito[i], 1);

      color.red = mix (color.red, 1, lighter);
      color.green = mix (color.green, 1, lighter);
      color.blue = mix (color.blue, 1, lighter);
      style->series[i] = color;
    }
  style->font = "sans-serif";
  style->font_size = 12;
  style->line_scale = is_high_contrast ? 1.5 : 1;
  style->corner_width = 0;
  style->lists_hidden = FALSE;
}

/**
 * converge_palette_dashes:
 * @color: index of a colour
 * @n_dashes: (out): number of lengths
 *
 * Returns: (array length=n_dashes): the dash pattern that goes with the
 *   colour, in line widths
 */
const double *
converge_palette_dashes (guint color,
                         gint *n_dashes)
{
  static const double patterns[][4] = {
    { 4, 2, 4, 2 },
    { 3, 2, 3, 2 },
    { 5, 2, 1, 2 },
    { 1, 2, 1, 2 },
    { 6, 3, 6, 3 },
    { 6, 2, 2, 2 },
  };

  *n_dashes = 4;
  return patterns[color % G_N_ELEMENTS (patterns)];
}
