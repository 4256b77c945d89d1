/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-colormap.h"

#include <math.h>

/* Cividis, at 33 of its 256 places. J. R. Nuñez, C. R. Anderton, R. S. Renslow, "Optimizing
 * colormaps with consideration for color vision deficiency to enable accurate
 * interpretation of scientific data", PLOS ONE 13 (7), 2018, e0199239. */
static const guint32 cividis[] = {
  0x00224e,
  0x00285b,
  0x002e6a,
  0x053371,
  0x1a386f,
  0x273e6e,
  0x32436d,
  0x3b496c,
  0x434e6c,
  0x4b546c,
  0x535a6d,
  0x5a5f6e,
  0x61656f,
  0x686a71,
  0x6f7073,
  0x767676,
  0x7d7c78,
  0x838179,
  0x8b8778,
  0x928d78,
  0x9a9376,
  0xa29975,
  0xaaa073,
  0xb3a670,
  0xbbad6d,
  0xc3b369,
  0xccba64,
  0xd4c15f,
  0xddc858,
  0xe6d051,
  0xefd748,
  0xf8df3c,
  0xfee838,
};

/* PuOr with eleven classes, from violet to orange. C. A. Brewer, M. Harrower, ColorBrewer
 * 2.0, <https://colorbrewer2.org>. */
static const guint32 puor[] = {
  0x2d004b,
  0x542788,
  0x8073ac,
  0xb2abd2,
  0xd8daeb,
  0xf7f7f7,
  0xfee0b6,
  0xfdb863,
  0xe08214,
  0xb35806,
  0x7f3b08,
};

static const struct
{
  const guint32 *colors;
  guint n_colors;
  guint32 lost;
  guint32 above;
} maps[] = {
  /* A dark and a pale red, which cividis has none of, however few hues one sees. */
  [CONVERGE_COLORMAP_SEQUENTIAL] = { cividis, G_N_ELEMENTS (cividis), 0x6e1020, 0xf3c3cd },
  /* Greys: the map has one at its middle alone, paler than these. */
  [CONVERGE_COLORMAP_DIVERGING] = { puor, G_N_ELEMENTS (puor), 0x333333, 0xa0a0a0 },
};

static guint32
mix_part (guint32 a,
          guint32 b,
          double share,
          guint shift)
{
  const double low = a >> shift & 0xff, high = b >> shift & 0xff;

  return (guint32) lround (low + (high - low) * share) << shift;
}

/**
 * converge_colormap_at:
 * @map: a colour map
 * @share: a place on it, from 0 to 1; one beyond an end is taken for the end
 *
 * Returns: the colour there, as 0xrrggbb
 */
guint32
converge_colormap_at (ConvergeColormap map,
                      double share)
{
  const guint32 *colors = maps[map].colors;
  const double place = CLAMP (share, 0, 1) * (maps[map].n_colors - 1);
  const guint below = MIN ((guint) place, maps[map].n_colors - 2);
  const double rest = place - below;

  return mix_part (colors[below], colors[below + 1], rest, 16)
         | mix_part (colors[below], colors[below + 1], rest, 8)
         | mix_part (colors[below], colors[below + 1], rest, 0);
}

/**
 * converge_colormap_lost:
 * @map: a colour map
 *
 * Returns: a colour that it has not, for what is no number, as 0xrrggbb
 */
guint32
converge_colormap_lost (ConvergeColormap map)
{
  return maps[map].lost;
}

/**
 * converge_colormap_above:
 * @map: a colour map
 *
 * Returns: another one, for what the values are not to tell apart, as 0xrrggbb
 */
guint32
converge_colormap_above (ConvergeColormap map)
{
  return maps[map].above;
}
