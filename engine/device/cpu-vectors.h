/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How long the vectors of loops are. Plain C: loops that are compiled at run time include it too. */

#if defined(__AVX512F__)
#define AG_VECTOR_BYTES 64
#elif defined(__AVX__)
#define AG_VECTOR_BYTES 32
#else
#define AG_VECTOR_BYTES 16
#endif

/* A batch has as many runs as there are lanes in a vector of the shortest numbers. With fewer than
 * AG_LEAST_RUNS nothing is gained. */
#define AG_RUNS (AG_VECTOR_BYTES / 4)
#define AG_LEAST_RUNS 8
