/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/history.h"
#include "train/rates.h"

G_BEGIN_DECLS

/**
 * AgMarkKind:
 * @AG_MARK_RATE: the learning rate was changed
 * @AG_MARK_RISE: the loss rose by a tenth above its least so far, for the first time since that
 *   has halved
 * @AG_MARK_NEAR: the loss came within a hundredth of the least there is
 * @AG_MARK_DIVERGED: the loss or a coefficient was not finite any more
 * @AG_MARK_LINE: the log has a line
 *
 * Why a step of a run is worth a look.
 */
typedef enum
{
  AG_MARK_RATE,
  AG_MARK_RISE,
  AG_MARK_NEAR,
  AG_MARK_DIVERGED,
  AG_MARK_LINE,
} AgMarkKind;

/**
 * AgMark:
 * @step: how many steps were taken there: the next one's loss is what @kind tells of
 * @kind: what is there
 *
 * A place in a run that is worth a look.
 */
typedef struct
{
  gint64 step;
  AgMarkKind kind;
} AgMark;

/**
 * AgMarks:
 *
 * The places in a run that are worth a look. They are found bit by bit, in time that hardly
 * depends on how long the run is, so that this can be done between two frames. For one
 * thread.
 */
typedef struct _AgMarks AgMarks;

AgMarks *ag_marks_new (AgHistory *history,
                       gint64 log_every);
void ag_marks_free (AgMarks *marks);
gboolean ag_marks_look (AgMarks *marks,
                        const AgRates *rates,
                        double least,
                        gint64 diverged_step);
guint ag_marks_n (const AgMarks *marks);
AgMark ag_marks_nth (const AgMarks *marks,
                     guint index);
gint64 ag_marks_line_spacing (const AgMarks *marks);
gboolean ag_marks_next (const AgMarks *marks,
                        gint64 step,
                        gint direction,
                        AgMark *mark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgMarks, ag_marks_free)

G_END_DECLS
