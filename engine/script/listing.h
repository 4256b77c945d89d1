/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/stop.h"
#include "train/rates.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * AgListingLine:
 * @text: the line, without its end
 * @stops: a bit, 1 << stop, for each part of a step that the line belongs to
 * @results: such a bit for each part that has come to its result with this line
 * @parameter: which parameter's gradient that is; −1 for those of all
 * @number: which line of its file it is, from 1; 0 of a line that is in no file
 *
 * A line of a program.
 */
typedef struct
{
  char *text;
  guint stops;
  guint results;
  gint parameter;
  guint number;
} AgListingLine;

GArray *ag_listing_new_c (const AgRunSpec *spec);
GArray *ag_listing_new_pytorch (const AgRunSpec *spec,
                                const AgRates *rates,
                                gint64 log_every,
                                GError **error);

G_END_DECLS
