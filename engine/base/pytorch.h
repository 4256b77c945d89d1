/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/**
 * AgPyTorch:
 * @AG_PYTORCH_1: those of PyTorch 1.13
 * @AG_PYTORCH_2: those of PyTorch 2
 *
 * Whose numbers are computed, where the versions of PyTorch differ: in what
 * `zero_grad ()` leaves behind, in the last bits of `linspace ()`, of `randn ()` in double
 * precision, and of the running means of gradients.
 */
typedef enum
{
  AG_PYTORCH_1,
  AG_PYTORCH_2,
} AgPyTorch;
