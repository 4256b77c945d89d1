/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dtype.h"
#include "base/layout.h"
#include "plan/op.h"

G_BEGIN_DECLS

/**
 * AgRecord:
 * @op: what the node is
 * @dtype: type of its elements
 * @is_wanted: whether its value is needed after the step
 * @n_operands: number of @operands
 * @operands: places of the operands in the recording, all before this one
 * @attribute: what else the plan depends on, in one of these meanings:
 * @summed_dims: of a sum, the mask of the dimensions that it sums over
 * @constant_bits: of a number that is the same in every step, the bits of its value; 0 of
 *   one that may differ
 * @is_data: of an input, whether its value never changes
 * @layout: shape of the value; of an input or a view, how it lies in memory
 *
 * A node as far as the plan depends on it. Equal arrays of records have equal
 * plans.
 */
typedef struct
{
  guint8 op;
  guint8 dtype;
  guint8 is_wanted;
  guint8 n_operands;
  gint32 operands[AG_OP_MAX_OPERANDS];
  union
  {
    gint64 attribute;
    gint64 summed_dims;
    gint64 constant_bits;
    gint64 is_data;
  };
  const AgLayout *layout;
} AgRecord;

/**
 * AgBufferKind:
 * @AG_BUFFER_INPUT: a tensor's value
 * @AG_BUFFER_NUMBER: a number of the program
 * @AG_BUFFER_OUTPUT: a value that is needed after the step
 * @AG_BUFFER_TEMPORARY: a value that one part of the plan hands to another
 */
typedef enum
{
  AG_BUFFER_INPUT,
  AG_BUFFER_NUMBER,
  AG_BUFFER_OUTPUT,
  AG_BUFFER_TEMPORARY,
} AgBufferKind;

/**
 * AgBuffer:
 * @kind: what it holds
 * @dtype: type of its elements
 * @n_elements: how many
 * @record: the record whose value it holds
 * @constant: of a number that is the same in every step, its value; 0 of others
 *
 * A place in memory that a plan reads or writes.
 */
typedef struct
{
  AgBufferKind kind;
  AgDType dtype;
  gint64 n_elements;
  gint record;
  double constant;
} AgBuffer;

static inline gsize
ag_buffer_size (const AgBuffer *buffer)
{
  return (gsize) buffer->n_elements * ag_dtype_size (buffer->dtype);
}

/**
 * AgOperandKind:
 * @AG_OPERAND_VALUE: the result of an earlier instruction of the same loop
 * @AG_OPERAND_CONTIGUOUS: element i of the loop is element offset + i of the buffer
 * @AG_OPERAND_SCALAR: one element for all
 * @AG_OPERAND_STRIDED: element i lies where the layout says
 */
typedef enum
{
  AG_OPERAND_VALUE,
  AG_OPERAND_CONTIGUOUS,
  AG_OPERAND_SCALAR,
  AG_OPERAND_STRIDED,
} AgOperandKind;

/**
 * AgOperand:
 * @kind: how it is read
 * @dtype: type of its elements
 * @index: number of the instruction or the buffer
 * @offset: first element in the buffer
 * @layout: of a strided operand, how it lies in the buffer
 */
typedef struct
{
  AgOperandKind kind;
  AgDType dtype;
  gint index;
  gint64 offset;
  const AgLayout *layout;
} AgOperand;

/**
 * AgInstruction:
 * @op: the operation
 * @dtype: type of the result
 * @sums: whether the results are summed up over the loop instead of kept
 * @contracts: whether such a product is rounded only with the sum that it is added to
 * @n_operands: number of @operands
 * @operands: what it works on
 * @buffer: where the result, or the sum, is stored; −1 for nowhere
 * @offset: of a sum, which element of the buffer it is
 * @summed_dims: of a sum over some dimensions, their mask
 */
typedef struct
{
  AgOp op;
  AgDType dtype;
  gboolean sums;
  gboolean contracts;
  guint n_operands;
  AgOperand operands[AG_OP_MAX_OPERANDS];
  gint buffer;
  gint64 offset;
  gint64 summed_dims;
} AgInstruction;

/**
 * AgStageKind:
 * @AG_STAGE_LOOP: elementwise instructions over one index space and the sums
 *   that end them, in one pass over the data
 * @AG_STAGE_SUM: a sum over some dimensions
 * @AG_STAGE_MATMUL: a matrix product
 */
typedef enum
{
  AG_STAGE_LOOP,
  AG_STAGE_SUM,
  AG_STAGE_MATMUL,
} AgStageKind;

/**
 * AgStage:
 * @kind: what it is
 * @n_elements: size of the loop's index space
 * @n_instructions: number of @instructions; 1 but for loops
 * @instructions: what it does, in order
 */
typedef struct
{
  AgStageKind kind;
  gint64 n_elements;
  gint n_instructions;
  AgInstruction *instructions;
} AgStage;

/**
 * AgPlan:
 * @n_buffers: number of @buffers
 * @buffers: the memory it works on
 * @n_stages: number of @stages
 * @stages: what is done, in order
 *
 * How the values of a recording are computed, in a device's own terms neither
 * of tensors nor of gradients.
 */
typedef struct
{
  gint n_buffers;
  AgBuffer *buffers;
  gint n_stages;
  AgStage *stages;
} AgPlan;

AgPlan *ag_plan_new (gint n_records,
                     const AgRecord *records);
void ag_plan_contract (AgPlan *plan);
void ag_plan_free (AgPlan *plan);
void ag_plan_find_stages (gint n_records,
                          const AgRecord *records,
                          gint *stages);

G_END_DECLS
