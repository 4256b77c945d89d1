/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ConvergeDefault:
 * @CONVERGE_DEFAULT_OPTIMIZER: the program's optimizer
 * @CONVERGE_DEFAULT_PACE: the pace
 * @CONVERGE_DEFAULT_DEVICE: the CPU
 * @CONVERGE_DEFAULT_DTYPE: the program's element type
 * @CONVERGE_DEFAULT_INIT: initial values from the seed
 * @CONVERGE_DEFAULT_FIELD: a #ConvergeField, added to it
 *
 * A setting that has a default.
 */
typedef enum
{
  CONVERGE_DEFAULT_OPTIMIZER,
  CONVERGE_DEFAULT_PACE,
  CONVERGE_DEFAULT_DEVICE,
  CONVERGE_DEFAULT_DTYPE,
  CONVERGE_DEFAULT_INIT,
  CONVERGE_DEFAULT_FIELD,
} ConvergeDefault;

#define CONVERGE_TYPE_DEFAULT_MARK (converge_default_mark_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeDefaultMark, converge_default_mark, CONVERGE, DEFAULT_MARK, GtkButton)

GtkWidget *converge_default_mark_new (ConvergeSettings *settings,
                                      ConvergeDefault which);
void converge_default_mark_add_to_choice (ConvergeSettings *settings,
                                          ConvergeDefault which,
                                          AdwComboRow *row);

G_END_DECLS
