/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/rates.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * AgScriptPart:
 * @title: what it is about: "Data"
 * @text: lines of Python, each with its end
 *
 * A part of a script, which a notebook has in a cell of its own.
 */
typedef struct
{
  const char *title;
  char *text;
} AgScriptPart;

/**
 * AgScript:
 * @introduction: what the script is, in lines of words
 * @parts: (element-type AgScriptPart): what it does, one part after the other
 *
 * A run as a program for PyTorch, which stands for itself.
 */
typedef struct
{
  char *introduction;
  GArray *parts;
} AgScript;

AgScript *ag_script_new (const AgRunSpec *spec,
                         const AgRates *rates,
                         gint64 log_every,
                         GError **error);
void ag_script_free (AgScript *script);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgScript, ag_script_free)

G_END_DECLS
