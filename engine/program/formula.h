/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "program/program.h"

G_BEGIN_DECLS

const AgProgramClass *ag_formula_program_class (const char *text,
                                                GError **error);
const AgProgramClass *ag_formula_program_default (void);

G_END_DECLS
