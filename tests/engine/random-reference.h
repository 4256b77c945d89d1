/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* clang-format off */

/* These are the numbers that PyTorch 1.13, NumPy 1.24 and Python 3.11 draw, bit for bit; a row for
 * each seed that they take. The blocks are those of PyTorch's plain build
 * (ATEN_CPU_CAPABILITY=default), the uniform numbers those of the build it takes on a machine with
 * FMA, which rounds once. */

static const guint64 seeds[] = {
  0,
  1,
  42,
  G_GUINT64_CONSTANT (0xffffffff),
  G_GUINT64_CONSTANT (0x100000005),
};

static const float torch_randn_scalar[][5] = {
  { 0x1.8a7eb8p0f, -0x1.2c78ap-2f, -0x1.16e292p1f, 0x1.23096cp-1f, -0x1.15a342p0f },
  { 0x1.529ccp-1f, 0x1.11548ep-2f, 0x1.f94296p-5f, 0x1.3e1d4ep-1f, -0x1.cec07p-2f },
  { 0x1.58c55cp-2f, 0x1.07cd3ap-3f, 0x1.e02dcep-3f, 0x1.d7b8d8p-3f, -0x1.1f7384p0f },
  { 0x1.384264p0f, -0x1.926936p-2f, 0x1.05e84p0f, -0x1.7e621cp-2f, -0x1.354a2ep-4f },
  { -0x1.f276a8p-2f, -0x1.35281ap-1f, -0x1.1dbecap-1f, 0x1.55c5bep-1f, -0x1.944e5ep-3f },
};

static const double torch_randn_double[][5] = {
  { 0x1.8a7eb8902be3ap0, -0x1.2c78a087c6feap-2, -0x1.16e2920a70ee5p1, 0x1.23096ca3e350dp-1,
    -0x1.15a341987e136p0 },
  { 0x1.529cc078113dap-1, 0x1.11548d02b8fe5p-2, 0x1.f94295e129d76p-5, 0x1.3e1d4e0e48b01p-1,
    -0x1.cec06fed14fffp-2 },
  { 0x1.58c55b33d44ccp-2, 0x1.07cd39b3d4b85p-3, 0x1.e02dcdb63ec41p-3, 0x1.d7b8d7b0a7c22p-3,
    -0x1.1f7383f8320c1p0 },
  { 0x1.38426396935a6p0, -0x1.926936ba5229ap-2, 0x1.05e84054dce78p0, -0x1.7e621bdc9cd4bp-2,
    -0x1.354a2de4f9a23p-4 },
  { -0x1.f276a732875fep-2, -0x1.35281a692942ap-1, -0x1.1dbeca06d12ebp-1, 0x1.55c5bec8c072cp-1,
    -0x1.944e5d496a2dap-3 },
};

static const float torch_randn_block[][40] = {
  { -0x1.20370ap0f, -0x1.270114p0f, -0x1.0097acp-2f, -0x1.bc4abcp-2f, 0x1.b28a2ap-1f,
    0x1.624f08p-1f, -0x1.4398dap-2f, -0x1.0ebf84p1f, 0x1.4a027p-2f, -0x1.4369e8p0f,
    0x1.6661fep-2f, 0x1.3b8774p-2f, 0x1.eadeeep-4f, 0x1.3cd726p0f, 0x1.1de51cp0f,
    -0x1.fa6cb4p-3f, -0x1.5a4784p0f, -0x1.b2288ep0f, 0x1.222004p-1f, 0x1.9646bcp-1f,
    0x1.329b16p-1f, -0x1.8e1ab6p0f, -0x1.5d8d8ep-2f, 0x1.da5e9cp0f, -0x1.ba1674p-3f,
    -0x1.7c2f46p-1f, 0x1.201cf2p-1f, 0x1.09dbc4p-2f, -0x1.6445aap-3f, -0x1.5b84a4p-1f,
    0x1.e063bap-1f, 0x1.f49a56p-2f, 0x1.34067ap0f, 0x1.5a413ep-4f, -0x1.333c58p0f,
    -0x1.39a56ep-8f, -0x1.09411ap-1f, -0x1.3a10ap-2f, -0x1.94bc04p0f, 0x1.b4e694p0f },
  { -0x1.868d74p0f, -0x1.801e62p-1f, -0x1.4ed696p-1f, -0x1.9c0734p0f, -0x1.9a48e6p-4f,
    -0x1.37e79cp-1f, -0x1.f5a4b6p-1f, -0x1.9bedbcp0f, -0x1.6c9e38p-1f, 0x1.3702e6p-2f,
    -0x1.8dfc24p-1f, -0x1.017d62p-2f, -0x1.c735cp-3f, 0x1.afe6aap0f, 0x1.d3d094p-3f,
    0x1.dedbd8p-2f, -0x1.64d98ap-1f, -0x1.2927aap0f, 0x1.662a6cp-1f, 0x1.97b81cp-3f,
    0x1.bb3c08p-1f, 0x1.f48a0ep-3f, -0x1.536928p-1f, 0x1.9d5782p-1f, -0x1.e1d40ap0f,
    -0x1.8d975p-1f, 0x1.03190ep1f, -0x1.6278ep-4f, 0x1.91e9fcp-4f, -0x1.370aaap0f,
    0x1.765b7cp-1f, 0x1.2bfb5ep0f, 0x1.3417e2p1f, 0x1.1d4078p-2f, 0x1.f95998p-3f, 0x1.2f300ap0f,
    -0x1.74d86ep-1f, 0x1.29cc5ep0f, -0x1.295e1p-7f, -0x1.af577p-1f },
  { 0x1.ed4a4ep0f, 0x1.7cbea8p0f, 0x1.cd2acep-1f, -0x1.0d81bap1f, 0x1.5b59aap-1f,
    -0x1.3c0b24p0f, -0x1.60cf0ep-5f, -0x1.9acb74p0f, -0x1.8117fep-1f, 0x1.a612b4p0f,
    -0x1.91e5ecp-2f, -0x1.6752c4p0f, -0x1.74acdap-1f, -0x1.1e6d98p-1f, -0x1.89a542p-1f,
    0x1.865f3ep-1f, 0x1.a46ee2p0f, -0x1.46daf6p-3f, -0x1.fd55c4p-2f, 0x1.c223aep-2f,
    -0x1.8429c4p-1f, 0x1.140cap0f, 0x1.9a0286p-1f, 0x1.ae3d26p0f, 0x1.1dff12p-5f, 0x1.48cf4p-2f,
    0x1.92d776p0f, -0x1.b0e11ep-1f, 0x1.4ff364p0f, 0x1.5fd35cp-1f, -0x1.16d432p0f,
    -0x1.6bd04p-2f, -0x1.6b05fap0f, 0x1.cae3acp-1f, 0x1.98d32ap-5f, 0x1.2223dp1f, 0x1.2dcfb8p0f,
    -0x1.bce1b6p-2f, -0x1.62e8dap0f, -0x1.49456cp0f },
  { -0x1.5507b4p1f, -0x1.174ef6p0f, 0x1.ce4838p-2f, 0x1.d3aecap-3f, 0x1.e60bd4p0f,
    0x1.906ffep0f, -0x1.4161ep0f, 0x1.96588ap-1f, -0x1.c061f4p0f, -0x1.6b5a7ep-1f,
    0x1.37e04cp0f, 0x1.c7292cp-3f, -0x1.42087ep1f, 0x1.ef5cbep-2f, 0x1.aefea4p-1f,
    0x1.209536p-3f, 0x1.cb1c42p0f, -0x1.c0cfd8p-1f, -0x1.a562d2p0f, -0x1.1396a2p-1f,
    0x1.399188p-2f, 0x1.b22ddap-2f, 0x1.1002ecp-2f, -0x1.931c1cp1f, 0x1.86bf4cp-1f,
    0x1.14e38ep1f, -0x1.03cbb6p-5f, 0x1.e81a8p-1f, 0x1.c67768p-1f, 0x1.309d14p0f, 0x1.5c6d72p0f,
    0x1.585504p0f, 0x1.4ab832p-5f, -0x1.10947cp-1f, -0x1.f9ec1p-2f, 0x1.ee4e0ep-1f,
    -0x1.e7ff38p-4f, -0x1.229546p0f, -0x1.bbca1p-3f, 0x1.74f6d8p-3f },
  { 0x1.d7a2eep0f, 0x1.09ab94p-1f, -0x1.b6408p0f, -0x1.b38d9ap0f, 0x1.027c56p1f,
    -0x1.130fa8p-2f, -0x1.0bb59ep-3f, -0x1.6ffa5ap0f, 0x1.90258cp-2f, -0x1.36c48ep-6f,
    -0x1.5a49b4p0f, -0x1.762dbp-1f, 0x1.f9d0f2p-1f, -0x1.ad7946p-2f, -0x1.2b7778p-1f,
    -0x1.908e2ep-1f, 0x1.63d28cp1f, 0x1.38d6a6p0f, -0x1.58863p-2f, -0x1.ee1c7ep-1f,
    -0x1.098c96p-3f, -0x1.341aa2p-1f, 0x1.28f502p-3f, -0x1.32d896p-3f, 0x1.a2fdcap-1f,
    -0x1.53990ep-1f, 0x1.0fa1d8p-2f, -0x1.90e7e6p0f, -0x1.a4035cp0f, -0x1.424494p-6f,
    0x1.d2872ap-3f, -0x1.9811b2p-2f, -0x1.0955e6p0f, 0x1.5746c4p-1f, -0x1.6bf062p-3f,
    0x1.b9b9c8p-2f, 0x1.3de02ep0f, 0x1.133baap1f, -0x1.1d31e4p1f, -0x1.4a27bep0f },
};

static const double torch_randn_block_double[][40] = {
  { -0x1.27bb92e9262dcp1, -0x1.7e3579493946p-2, -0x1.0f91ae8d685b6p0, 0x1.ffbfb0ada994bp-1,
    -0x1.c49eece710105p-1, -0x1.468a3e5dc9291p0, -0x1.3f174ac92d21fp-1, -0x1.bb9e3bd0377c5p-1,
    -0x1.4bae386384915p0, 0x1.860cb8d864a6ep0, 0x1.4b6dacf0761ep-2, 0x1.0244d8bac2a66p1,
    0x1.22c0028f12ffap0, -0x1.3a14e53b15145p0, 0x1.24683cd232dap-4, 0x1.5a213bee53bb6p-2,
    0x1.3a681547ffa4ep-3, -0x1.443c91ccf2402p-1, -0x1.42cbf54f08f8ep0, -0x1.7432edfaba107p-1,
    -0x1.471a3c0e2f22ap-6, 0x1.aeb1b572b6a04p-3, 0x1.6ae2402b7b62bp-3, -0x1.a9389d082941dp-1,
    0x1.9811b26a8e089p-1, 0x1.b17cfd889a214p-3, 0x1.15a652be2e895p-3, -0x1.15a69a261b2dcp-5,
    0x1.d7852f5c65d8ep-2, 0x1.1e10bfdcff0dp0, 0x1.79e6dd0d55ea3p-2, -0x1.7f63dd0f9ef4p-3,
    -0x1.c19996044bb77p-7, -0x1.98cc32cd90443p-3, -0x1.a80b72e2f7848p0, 0x1.d3ea78ba30557p-1,
    0x1.279a2c064800fp0, -0x1.6090529122e74p-4, -0x1.f613ef5cf2939p0, 0x1.c473ff3d3634ap-3 },
  { -0x1.3ec2b05b54971p-2, -0x1.6d124df02c168p-1, -0x1.75486bc27b45ep-1, -0x1.32621879b48fp-2,
    -0x1.02f7d0fe2864dp-2, -0x1.70d306b9f376ap-2, 0x1.e0f2e91bd0adp-1, 0x1.2952de0f17674p0,
    -0x1.5d505d875a733p-3, 0x1.e952c6fa9e9c1p-7, -0x1.85e570eab4cd5p-5, 0x1.18950b154ac15p-1,
    -0x1.3fc3f4fcad4d1p0, 0x1.472e714fed2c3p-2, 0x1.305bd8684758fp-1, 0x1.0e64ac5436be1p0,
    0x1.9b6668eebb9fp-1, 0x1.7ef6234f2b7ecp-2, 0x1.25d654b7b0adcp-1, 0x1.91d911bed3c78p0,
    0x1.bf34427c542acp-1, -0x1.da326c6448723p1, -0x1.d06c655b7adc3p0, -0x1.d7b2c0598141dp0,
    -0x1.b0fa451e0d49fp-2, -0x1.cae25fb15b73ep-3, -0x1.eabfaee8c986dp-2, -0x1.20245d99808cap-5,
    -0x1.c162b402bb746p-1, 0x1.c0543a4619065p-2, -0x1.7b124290b9152p-4, -0x1.9a2b815d2bb0fp-3,
    0x1.f1ff386c54c52p-2, 0x1.6ca8580ac468fp-1, -0x1.964c67a7c7e46p-1, 0x1.1542c1f43995bp0,
    0x1.0c2a48268977ep-1, -0x1.636b76af17ef2p-1, -0x1.cd445631c9952p0, 0x1.b75edee4d2b12p-1 },
};

static const float torch_rand[][5] = {
  { 0x1.fc2abp-2f, 0x1.89545ep-1f, 0x1.6a675p-4f, 0x1.0e66p-3f, 0x1.3acd0cp-2f },
  { 0x1.83e84ap-1f, 0x1.1e03acp-2f, 0x1.9cbe3p-2f, 0x1.78289p-1f, 0x1.dfbfcp-6f },
  { 0x1.c3b8ccp-1f, 0x1.d47b66p-1f, 0x1.880d7p-2f, 0x1.eb2a1cp-1f, 0x1.8fd1a8p-2f },
  { 0x1.fcd346p-1f, 0x1.248244p-1f, 0x1.23d818p-1f, 0x1.9588ep-5f, 0x1.fc6f68p-1f },
  { 0x1.a916c6p-1f, 0x1.02467p-3f, 0x1.d09fdep-1f, 0x1.a3cd7ap-1f, 0x1.d717ccp-1f },
};

static const double torch_rand_double[][5] = {
  { 0x1.f0aac97c4aa2fp-1, 0x1.6a675d821cccp-1, 0x1.d6687b744a5f6p-2, 0x1.d76c3d8e57d67p-1,
    0x1.4a4099fa1ded3p-1 },
  { 0x1.f425ff4780ebp-5, 0x1.cbe33baf0512p-3, 0x1.dfbfc83330e24p-3, 0x1.6ab2fff047a14p-3,
    0x1.1cb4f3c7053cp-1 },
  { 0x1.dc66cbea3db3p-5, 0x1.01ae177aca87p-4, 0x1.fa3563ccea238p-4, 0x1.aebc98cb2c14p-5,
    0x1.0d66672221879p-1 },
  { 0x1.e69a31c924122p-1, 0x1.1ec0c900cac47p-1, 0x1.e37b486bcfe4p-1, 0x1.ca1ad8a8e03f4p-2,
    0x1.7b1d948977f2p-1 },
  { 0x1.48b630e2048cep-1, 0x1.09fdfa9a3cd7ap-2, 0x1.717ccba3bb8ecp-2, 0x1.42b21f579d092p-2,
    0x1.108102dfd05c8p-2 },
};

static const float torch_uniform[][4] = {
  { -0x1.1b47dp-8f, 0x1.3d2626p-2f, -0x1.e696fcp-2f, -0x1.b31792p-2f },
  { 0x1.30a086p-2f, -0x1.04f21cp-2f, -0x1.ca72e6p-4f, 0x1.157e7ap-2f },
  { 0x1.c40012p-2f, 0x1.eab4cap-2f, -0x1.1501c4p-3f, 0x1.0f8b68p-1f },
  { 0x1.23fp-1f, 0x1.51411ap-4f, 0x1.4b1d2p-4f, -0x1.0a561ep-1f },
  { 0x1.867e84p-2f, -0x1.ba1768p-2f, 0x1.e1cc3p-2f, 0x1.7a4936p-2f },
};

static const double numpy_randn[][5] = {
  { 0x1.c398ef3e5cfa5p0, 0x1.99c2cfacc8953p-2, 0x1.f51d25222c9abp-1, 0x1.1ed5969e3314ep1,
    0x1.de1847cb13ddap0 },
  { 0x1.9fd5190657c5p0, -0x1.393822fb7d9adp-1, -0x1.0e6c872548fd2p-1, -0x1.12ae1255cb80cp0,
    0x1.bb16b5735117dp-1 },
  { 0x1.fca2a28a9307cp-2, -0x1.1b2a505de052ap-3, 0x1.4b9dd50245e68p-1, 0x1.85e548e01aa2bp0,
    -0x1.df8bcdf57a64p-3 },
  { 0x1.4bfc38c486d8ap-1, 0x1.56b192e507eeep-1, -0x1.149e836f192fdp0, 0x1.23543dec5a0fcp-2,
    0x1.d27bf27c6aaafp-4 },
};

static const double numpy_rand[][3] = {
  { 0x1.18fe1565f12a8p-1, 0x1.6e2d4cf608733p-1, 0x1.349d66b6e894bp-1 },
  { 0x1.ab07d0ffa3c06p-2, 0x1.70ce5f3baf051p-1, 0x1.dfb906661cp-14 },
  { 0x1.7f8771e5f51ecp-2, 0x1.e6c4068bbd654p-1, 0x1.76c7e8f1e6751p-1 },
  { 0x1.8fe69a392482p-4, 0x1.d323d824032b1p-1, 0x1.93fc6f61af3f9p-1 },
};

static const double python_random[][3] = {
  { 0x1.b0580f98a7dbep-1, 0x1.84129978f9c1ap-1, 0x1.aeaa51052e978p-2 },
  { 0x1.132d8f91b7584p-3, 0x1.b1e2d5b3584f8p-1, 0x1.870d778409f13p-1 },
  { 0x1.4762f307200c5p-1, 0x1.99c6b5eeb206p-6, 0x1.19a1491f589dcp-2 },
  { 0x1.454d9227a7013p-1, 0x1.a0274a3720bf8p-3, 0x1.36f8c1616ef77p-1 },
  { 0x1.4218067c49768p-3, 0x1.21442cf1e9172p-2, 0x1.357affb575f81p-1 },
};

static const double python_gauss[][3] = {
  { 0x1.e22885827c58p-1, -0x1.6586248600484p0, -0x1.5c03883a3b23fp-1 },
  { 0x1.49c679da02301p0, 0x1.730ede0eb242ap0, 0x1.0fb6231f18bccp-4 },
  { -0x1.2718d4a9a8111p-3, -0x1.621b486646b7cp-3, -0x1.c7f3240f58c66p-4 },
  { -0x1.c7456fdc97051p-2, -0x1.035fb90925722p-1, -0x1.4bd655ab9d61ep-1 },
  { 0x1.cb1631cdf23d7p-2, 0x1.5c5c110863b35p-1, -0x1.158afce7225d1p-3 },
};

static const gint64 python_randint[][20] = {
  { 5, 5, 4, 5, 6, 5, 5, 5, 5, 5, 6, 4, 6, 4, 5, 4, 4, 6, 5, 6 },
  { 4, 6, 4, 5, 4, 5, 5, 5, 6, 5, 4, 4, 5, 4, 5, 5, 6, 4, 6, 5 },
  { 6, 4, 4, 6, 5, 4, 4, 4, 6, 4, 6, 6, 6, 4, 6, 5, 4, 4, 4, 4 },
  { 6, 6, 4, 4, 6, 6, 5, 6, 5, 5, 6, 6, 5, 5, 5, 5, 4, 4, 6, 4 },
  { 4, 5, 5, 6, 4, 5, 6, 4, 6, 5, 6, 5, 4, 5, 6, 6, 6, 4, 6, 4 },
};

static const gint64 python_randint_wide[][3] = {
  { -150264678451, 957465509036, -912294312875 },
  { 250412573173, 764576291551, -859280659516 },
  { -752440546915, 627900025553, -461947846057 },
  { 364233472265, -526680860351, 149364887732 },
  { 65827369171, 955423390517, 836547145693 },
};
