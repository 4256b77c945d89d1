/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * ConvergeField:
 *
 * A setting that is typed, and can be typed wrongly. From
 * %CONVERGE_FIELD_OPTION on they are the optimizer's options.
 */
typedef enum
{
  CONVERGE_FIELD_LEARNING_RATE,
  CONVERGE_FIELD_STEPS,
  CONVERGE_FIELD_TARGET,
  CONVERGE_FIELD_FROM,
  CONVERGE_FIELD_TO,
  CONVERGE_FIELD_POINTS,
  CONVERGE_FIELD_SEED,
  CONVERGE_FIELD_INIT,
  CONVERGE_FIELD_OPTION,
  CONVERGE_N_FIELDS = CONVERGE_FIELD_OPTION + AG_OPTIMIZER_MAX_OPTIONS,
} ConvergeField;

guint converge_field_n (const AgRunSpec *spec);
const char *converge_field_id (ConvergeField field,
                               const AgRunSpec *spec);
char *converge_field_format (ConvergeField field,
                             const AgRunSpec *spec);
gboolean converge_field_parse (ConvergeField field,
                               const char *text,
                               AgRunSpec *spec,
                               GError **error);
gboolean converge_field_check (ConvergeField field,
                               const AgRunSpec *spec,
                               GError **error);

G_END_DECLS
