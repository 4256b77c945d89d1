/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ConvergeColormap:
 * @CONVERGE_COLORMAP_SEQUENTIAL: from little to much, as a loss is, which has no middle
 * @CONVERGE_COLORMAP_DIVERGING: from below 0 to above, palest at 0
 *
 * The colours that stand for the values of a field. In both lightness tells what hue
 * does, for those who see fewer hues, and in print.
 */
typedef enum
{
  CONVERGE_COLORMAP_SEQUENTIAL,
  CONVERGE_COLORMAP_DIVERGING,
} ConvergeColormap;

guint32 converge_colormap_at (ConvergeColormap map,
                              double share);
guint32 converge_colormap_lost (ConvergeColormap map);
guint32 converge_colormap_above (ConvergeColormap map);

G_END_DECLS
