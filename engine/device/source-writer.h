/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plan/plan.h"

G_BEGIN_DECLS

/**
 * AgSourceWriter:
 * @plan: the plan that is written down
 * @text: what was written
 * @slots: (nullable): the slot of each of the plan's buffers, −1 before it has
 *   one; %NULL if a buffer's slot is the buffer's own number
 * @n_slots: how many have one
 * @has_op: for which operations and types there is a function in @text
 *
 * The writing of loops as text, as far as it is the same for all compilers: the operations'
 * formulas, and the names of operands.
 */
typedef struct
{
  const AgPlan *plan;
  GString *text;
  gint *slots;
  gint n_slots;
  gboolean *has_op[AG_N_DTYPES];
} AgSourceWriter;

/**
 * AgSourceOperand:
 * @user_data: what it was given with
 * @at: number of an instruction
 * @k: which of its operands
 * @operand: that operand
 *
 * Appends what the text calls an operand, of the element at hand.
 */
typedef void (*AgSourceOperand) (gpointer user_data,
                                 gint at,
                                 guint k,
                                 const AgOperand *operand);

void ag_source_writer_init (AgSourceWriter *writer,
                            const AgPlan *plan);
void ag_source_writer_number_slots (AgSourceWriter *writer);
void ag_source_writer_clear (AgSourceWriter *writer);
const char *ag_source_type (AgDType dtype);
gint ag_source_slot (AgSourceWriter *writer,
                     gint buffer);
gboolean ag_source_is_copy (AgOp op);
void ag_source_write_ops (AgSourceWriter *writer,
                          const AgStage *stage);
void ag_source_declare (AgSourceWriter *writer,
                        const AgStage *stage);
void ag_source_declare_buffers (AgSourceWriter *writer,
                                const AgStage *stage);
void ag_source_append_index (AgSourceWriter *writer,
                             const AgLayout *layout);
void ag_source_write_value (GString *text,
                            gint at,
                            const AgInstruction *instruction,
                            AgSourceOperand append,
                            gpointer user_data);
void ag_source_write_instruction (AgSourceWriter *writer,
                                  gint at,
                                  const AgInstruction *instruction);

G_END_DECLS
