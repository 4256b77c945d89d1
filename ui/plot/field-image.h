/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-area.h"
#include "plot/plot-colormap.h"
#include "plot/plot.h"

#include <cairo.h>

G_BEGIN_DECLS

ConvergeColormap converge_field_map (const ConvergeField *field);
double converge_field_share (const ConvergeField *field,
                             const ConvergeRange *scale,
                             double value);
cairo_surface_t *converge_field_image_new (const ConvergePlotArea *area,
                                           double pixel_scale);
void converge_field_image_show (cairo_surface_t *image,
                                cairo_t *cr,
                                const ConvergePlotArea *area,
                                double pixel_scale);

G_END_DECLS
