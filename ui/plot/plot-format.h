/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ConvergePlotFormat:
 * @CONVERGE_PLOT_FORMAT_PNG: pixels
 * @CONVERGE_PLOT_FORMAT_SVG: vectors, for web pages
 * @CONVERGE_PLOT_FORMAT_PDF: vectors, for print
 *
 * The kinds of picture that plots can be drawn into.
 */
typedef enum
{
  CONVERGE_PLOT_FORMAT_PNG,
  CONVERGE_PLOT_FORMAT_SVG,
  CONVERGE_PLOT_FORMAT_PDF,
} ConvergePlotFormat;

gboolean converge_plot_format_find (const char *path,
                                    ConvergePlotFormat *format,
                                    GError **error);
gboolean converge_plot_format_check_table (const char *path,
                                           GError **error);

G_END_DECLS
