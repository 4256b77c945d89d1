/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/data.h"
#include "data/expression.h"
#include "train/rates.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

/* Functions that the parts of a script are written with. */

/**
 * AgScriptWriter:
 * @spec: the run
 * @rates: (nullable): the changes of its learning rate
 * @log_every: a line is printed each so many steps
 * @target: (nullable): the function that its data are of
 * @data: (nullable): without @target, its points
 * @seed: what its initial values are drawn with
 * @tensors: (array zero-terminated=1): the variable of each trainable tensor
 *
 * The run that a script is written of.
 */
typedef struct
{
  const AgRunSpec *spec;
  const AgRates *rates;
  gint64 log_every;
  const AgExpression *target;
  const AgData *data;
  guint64 seed;
  GStrv tensors;
} AgScriptWriter;

GStrv ag_script_name_tensors (const AgModelClass *model);
void ag_script_append_lines (GString *python,
                             const char *lines,
                             const char *indent);
gboolean ag_script_is_held (const AgScriptWriter *writer,
                            guint tensor);

/* The parts, as text that the caller frees. */
char *ag_script_write_data (const AgScriptWriter *writer);
char *ag_script_write_model (const AgScriptWriter *writer);
char *ag_script_write_optimizer (const AgScriptWriter *writer);
char *ag_script_write_steps (const AgScriptWriter *writer);
char *ag_script_write_result (const AgScriptWriter *writer);

G_END_DECLS
