/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/**
 * AgRounding:
 * @AG_ROUNDING_EXACT: each operation rounds its result, as those of PyTorch do
 * @AG_ROUNDING_FAST: in loops over many elements a product and the sum that follows it are
 *   one operation, which rounds once
 *
 * How often numbers are rounded.
 */
typedef enum
{
  AG_ROUNDING_EXACT,
  AG_ROUNDING_FAST,
} AgRounding;
