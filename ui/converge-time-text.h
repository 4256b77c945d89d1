/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-run.h"
#include "train/marks.h"

G_BEGIN_DECLS

char *converge_time_text_mark (ConvergeRun *run,
                               AgMark mark);

G_END_DECLS
