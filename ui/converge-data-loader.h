/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/data-file.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ConvergeLoadedData:
 * @path: the file's path
 * @delimiter: as it was asked for
 * @decimal: as it was asked for
 * @x: the column of x, by its name where that tells it from all others, else by its number
 * @y: the column of y
 * @look: (nullable): what the beginning of the table looks like; %NULL if it is none
 * @data: (nullable): its points; %NULL if there are none
 * @error: (nullable): why not
 *
 * The outcome of reading a file.
 */
typedef struct
{
  char *path;
  AgDelimiter delimiter;
  AgDecimal decimal;
  char *x;
  char *y;
  AgTable *look;
  AgData *data;
  GError *error;
} ConvergeLoadedData;

typedef struct _ConvergeDataLoad ConvergeDataLoad;

/* Is called on the main thread, and takes what was loaded. */
typedef void (*ConvergeDataLoaded) (ConvergeLoadedData *loaded,
                                    gpointer user_data);

ConvergeDataLoad *converge_data_load (const char *path,
                                      const AgTableWish *wish,
                                      ConvergeDataLoaded callback,
                                      gpointer user_data);
void converge_data_load_cancel (ConvergeDataLoad *load);
void converge_loaded_data_free (ConvergeLoadedData *loaded);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvergeLoadedData, converge_loaded_data_free)

G_END_DECLS
