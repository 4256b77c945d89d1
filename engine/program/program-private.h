/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "program/program.h"

G_BEGIN_DECLS

/* The programs are made with these functions. */

#define AG_PROGRAM(id) extern const AgProgramClass ag_##id##_class;
#include "program/programs.def"
#undef AG_PROGRAM

G_END_DECLS
