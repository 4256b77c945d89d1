/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define AG_TARGET_SINE "sin(x)"

/**
 * AgTarget:
 * @title: its name: "Sine"
 * @formula: the function, as ag_expression_parse() reads it
 *
 * A function to fit that is worth a look.
 */
typedef struct
{
  const char *title;
  const char *formula;
} AgTarget;

guint ag_target_n (void);
const AgTarget *ag_target_nth (guint index);

G_END_DECLS
