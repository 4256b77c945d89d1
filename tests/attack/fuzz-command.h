/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train-options.h"

void fuzz_check_command (const AgRunSpec *spec);
