/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-data-loader.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_DATA_PREVIEW (converge_data_preview_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeDataPreview, converge_data_preview, CONVERGE, DATA_PREVIEW, AdwWindow)

GtkWidget *converge_data_preview_new (GtkWindow *parent,
                                      const char *path,
                                      const AgTableWish *wish);

G_END_DECLS
