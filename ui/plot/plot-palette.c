/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-palette.h"

#include <math.h>

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
  style->pixel_scale = 0;
  style->lists_hidden = FALSE;
}

/* How far around the circle the next colour is, so that no few that follow each other are
 * alike: the golden section of it. */
#define NEXT_HUE 0.38196601125
#define FIRST_HUE 0.82

/* The lightness of the colours beyond the palette, in turn. */
static const double lightness[] = { 0.62, 0.5, 0.75 };

#define CHROMA 0.13

static double
to_srgb (double linear)
{
  linear = CLAMP (linear, 0, 1);
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow (linear, 1 / 2.4) - 0.055;
}

/* See: Björn Ottosson, "A perceptual color space for image processing", 2020 */
static ConvergeColor
from_oklch (double light,
            double chroma,
            double hue)
{
  const double a = chroma * cos (2 * G_PI * hue), b = chroma * sin (2 * G_PI * hue);
  const double l = pow (light + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = pow (light - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = pow (light - 0.0894841775 * a - 1.2914855480 * b, 3);

  return (ConvergeColor){
    to_srgb (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    to_srgb (-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    to_srgb (-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s),
    1,
  };
}

/**
 * converge_plot_style_color:
 * @style: a style
 * @index: of a colour
 *
 * Returns: the colour: one of the palette's, or, beyond that, one of any number more, of which
 *   those that follow each other are unlike
 */
ConvergeColor
converge_plot_style_color (const ConvergePlotStyle *style,
                           guint index)
{
  const gboolean is_dark = style->text.red > 0.5;
  guint more;
  double light;

  if (index < CONVERGE_PALETTE_SIZE)
    return style->series[index];
  more = index - CONVERGE_PALETTE_SIZE;
  light = lightness[more % G_N_ELEMENTS (lightness)];
  return from_oklch (is_dark ? light + 0.1 : light, CHROMA, fmod (FIRST_HUE + more * NEXT_HUE, 1));
}

/**
 * converge_palette_of_run:
 * @color: index of a run's colour
 *
 * Returns: index of that colour in the palette: none that the target or the optimum has
 */
guint
converge_palette_of_run (guint color)
{
  static const guint first[] = { CONVERGE_COLOR_FIT, CONVERGE_COLOR_BAND, CONVERGE_COLOR_INITIAL,
                                 CONVERGE_COLOR_PRINTED };

  return color < G_N_ELEMENTS (first) ? first[color]
                                      : color - (guint) G_N_ELEMENTS (first) + CONVERGE_PALETTE_SIZE;
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
