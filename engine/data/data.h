/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/outline.h"
#include "data/standardize.h"
#include "data/table.h"
#include "graph/tensor.h"

G_BEGIN_DECLS

typedef struct _AgData AgData;

AgData *ag_data_new_formula (const char *formula,
                             double x_minimum,
                             double x_maximum,
                             gint64 n_points,
                             GError **error);
AgData *ag_data_new_values (const char *origin,
                            gint64 n_points,
                            const double *x,
                            const double *y);
AgData *ag_data_new_table (const char *origin,
                           AgTable *table);
void ag_data_prepare_scale (AgData *data);
AgData *ag_data_new_standardized (AgData *original);
AgData *ag_data_ref (AgData *data);
void ag_data_unref (AgData *data);
gboolean ag_data_is_shared (const AgData *data);

const char *ag_data_origin (const AgData *data);
const AgTable *ag_data_table (const AgData *data);
const AgScale *ag_data_scale (const AgData *data);
gint64 ag_data_n_points (const AgData *data);
guint64 ag_data_digest (const AgData *data);
double ag_data_greatest (const AgData *data);
double ag_data_x_minimum (const AgData *data);
double ag_data_x_maximum (const AgData *data);
void ag_data_read (const AgData *data,
                   gint64 first,
                   gsize n,
                   double *x,
                   double *y);
gint64 ag_data_n_representatives (const AgData *data);
void ag_data_read_representatives (const AgData *data,
                                   gint64 first,
                                   gsize n,
                                   double *x,
                                   double *y,
                                   double *weights);
gsize ag_data_outline (const AgData *data,
                       gsize most,
                       double *x,
                       double *y);
void ag_data_record (const AgData *data,
                     AgDType dtype,
                     AgTensor **x,
                     AgTensor **y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgData, ag_data_unref)

G_END_DECLS
