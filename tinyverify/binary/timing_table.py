"""Cycles of Cortex-M55 instructions, one row a class, each with its source.

Serves `wcet.*`; explained in docs/timing-model.md. `issue`: cycles until the next instruction can start (nothing is
issued together, no beats overlap). `latency`: cycles until an instruction that needs the result can start. There is no
official table and no measurement behind it: rows take the larger of two public scheduling models, and round up.
"""

from __future__ import annotations

from dataclasses import dataclass

LLVM = "LLVM ARMScheduleM55.td"
SLOTHY = "SLOTHY cortex_m55r1.py"
MARGIN = "no public figure; rounded up"

BRANCH_PENALTY = 3  # LLVM: MispredictPenalty. Charged for every branch, taken or not: prediction is not modelled
GATHER_ADDRESS_DELAY = 4  # LLVM: M55GatherQRead; a vector of addresses is needed this much earlier
STORE_LOAD_GAP = 3  # SLOTHY: a vector load two cycles after a vector store stalls; loads wait until the third


@dataclass(frozen=True)
class Row:
    """One class. `kind`: "core", "vfp" (S and D registers) or "mve" (Q registers); `names`: its mnemonics."""

    id: str
    kind: str
    names: frozenset[str]
    issue: int
    latency: int
    source: str


def _row(id: str, kind: str, names: str, issue: int, latency: int, source: str) -> Row:
    return Row(id, kind, frozenset(names.split()), issue, latency, source)


_FLAGS = "adds subs rsbs ands orrs eors bics movs mvns adcs sbcs lsls lsrs asrs rors orns"
_PARALLEL = " ".join(
    p + op for p in ("q", "s", "sh", "u", "uh", "uq") for op in ("add8", "add16", "sub8", "sub16", "asx", "sax")
)

ROWS = (
    _row(
        "alu",
        "core",
        "add addw sub subw rsb and orr orn eor bic mov movw movt mvn adc sbc cmp cmn tst teq adr lsl lsr asr ror rrx "
        f"sxtb sxth uxtb uxth csel csinc csinv csneg cinc cinv cneg cset csetm clz rbit rev rev16 revsh {_FLAGS}",
        1,
        1,
        f"{LLVM}: M55WriteDX, latency 1",
    ),
    _row(
        "hint",
        "core",
        "nop it ite itt ittt itte itet itee itttt ittet itett ittte iteet iteee itete ittee",
        1,
        1,
        f"{LLVM}: WriteNoop and IT, there issued for free",
    ),
    _row(
        "bitfield",
        "core",
        "bfc bfi ubfx sbfx sxtab sxtah uxtab uxtah sxtb16 uxtb16 pkhbt pkhtb sel",
        1,
        2,
        f"{LLVM}: M55WriteCX, latency 2",
    ),
    _row(
        "saturate",
        "core",
        f"ssat usat ssat16 usat16 qadd qsub usad8 usada8 {_PARALLEL}",
        1,
        2,
        f"{LLVM}: M55WriteCX, latency 2",
    ),
    _row(
        "multiply",
        "core",
        "mul muls mla mls smulbb smulbt smultb smultt smulwb smulwt smlabb smlabt smlatb smlatt smlawb smlawt "
        "smmul smmulr smmla smmlar smuad smlad",
        1,
        2,
        f"{LLVM}: WriteMUL32 and WriteMAC32, latency 2",
    ),
    _row(
        "multiply_long",
        "core",
        "umull smull umlal smlal umaal smlalbb",
        2,
        3,
        f"{LLVM}: WriteMUL64 and WriteMAC64, latency 2; one more for the second result",
    ),
    _row(
        "shift_long",
        "core",
        "asrl lsll lsrl uqrshll sqrshrl urshrl srshrl uqshll sqshll uqrshl sqrshr",
        2,
        3,
        f"{LLVM}: M55WriteCX, latency 2; one more for the second result",
    ),
    _row(
        "divide",
        "core",
        "udiv sdiv",
        20,
        20,
        "Cortex-M4 TRM: 2 to 12 cycles; none public for the Cortex-M55 (LLVM's 2 is not a worst case): 20 charged",
    ),
    _row("special_register", "core", "mrs msr cpsid cpsie", 4, 4, "Cortex-M4 TRM: 1 or 2 cycles; 4 charged"),
    _row("synchronize", "core", "isb", 4 + BRANCH_PENALTY, 4 + BRANCH_PENALTY, "Cortex-M4 TRM: 1 to 4, and a refetch"),
    _row("load", "core", "ldr ldrb ldrh ldrsb ldrsh", 1, 2, f"{LLVM}: M55WriteCX, latency 2"),
    _row("load_pair", "core", "ldrd", 2, 3, f"{SLOTHY}: ldrd latency 2; a cycle for each word"),
    _row("store", "core", "str strb strh", 1, 1, f"{LLVM}: WriteST, latency 1"),
    _row("store_pair", "core", "strd", 2, 2, f"{LLVM}: t2STRD, latency 2"),
    # Issue is one more for every word moved.
    _row("load_multiple", "core", "pop ldm ldmdb", 1, 2, "Cortex-M4 TRM: 1 + N cycles; LLVM's 1 is not a worst case"),
    _row("store_multiple", "core", "push stm stmdb", 1, 1, "Cortex-M4 TRM: 1 + N cycles; LLVM's 1 is not a worst case"),
    _row("load_multiple_fp", "vfp", "vpop vldm vldmia vldmdb", 1, 2, "1 + N words, as core registers"),
    _row("store_multiple_fp", "vfp", "vpush vstm vstmia vstmdb", 1, 1, "1 + N words, as core registers"),
    # Branches: BRANCH_PENALTY comes on top.
    _row("branch", "core", "b bl blx bx cbz cbnz", 1, 1, f"{LLVM}: WriteBr, latency 1"),
    _row("branch_table", "core", "tbb tbh", 3, 3, f"{LLVM}: WriteBrTbl, latency 1; plus the load of the table's entry"),
    # Low-overhead loops: the start pays for the first LE, which has to fetch again; LE pays the penalty at its end.
    _row("loop_start", "core", "dls dlstp wls wlstp", 1 + BRANCH_PENALTY, 1 + BRANCH_PENALTY, MARGIN),
    _row("loop_end", "core", "le letp", 1, 1, "Armv8.1-M low-overhead branch cache: no refetch; one cycle charged"),
    _row("fp_move", "vfp", "vmov vmvn vins vmovx vmrs vmsr", 1, 2, f"{LLVM}: M55WriteFloatE3, latency 2"),
    _row("fp_load", "vfp", "vldr", 1, 2, f"{LLVM}: M55WriteLSE3, latency 2; a cycle more for a D register"),
    _row("fp_store", "vfp", "vstr", 1, 1, f"{LLVM}: M55WriteLSE2, latency 1; a cycle more for a D register"),
    _row(
        "fp_arithmetic",
        "vfp",
        "vadd vsub vmul vnmul vabs vneg vcmp vcmpe vcvt vcvta vcvtn vcvtp vcvtm vcvtr vrinta vrintn vrintp "
        "vrintm vrintx vrintz vrintr vsel vmaxnm vminnm vfma vfms vfnma vfnms",
        1,
        2,
        f"{LLVM}: M55WriteFloatE3, latency 2",
    ),
    _row("fp_chained", "vfp", "vmla vmls vnmla vnmls", 1, 4, f"{LLVM}: M55WriteFloatE3Plus2, latency 4"),
    _row(
        "fp_divide", "vfp", "vdiv vsqrt", 16, 16, f"{LLVM}: M55WriteFloatE3Plus14, latency 16; taken as not pipelined"
    ),
    _row(
        "predicate",
        "mve",
        "vpst vpstt vpste vpsttt vpstte vpstet vpstee vpstttt vpnot vctp",
        1,
        2,
        f"{LLVM}: M55WriteSysE2, latency 1; one more before a predicated instruction",
    ),
    _row("vector_load", "mve", "vldrb vldrh vldrw vldrd", 2, 2, f"{LLVM}: M55Write2LSE2, two beats, latency 1"),
    _row("vector_store", "mve", "vstrb vstrh vstrw vstrd", 2, 2, f"{LLVM}: M55Write2LSE2, two beats"),
    _row(
        "vector_interleave",
        "mve",
        "vld20 vld21 vld40 vld41 vld42 vld43 vst20 vst21 vst40 vst41 vst42 vst43",
        2,
        4,
        f"{SLOTHY}: vld2, vld4 latency 2, operands of vst2, vst4 one more",
    ),
    _row(
        "vector_integer",
        "mve",
        "vand vorr vorn veor vbic vmvn vabs vneg vabd vadd vsub vhadd vhsub vrhadd vhcadd vcadd vqadd vqsub "
        "vqabs vqneg vmax vmin vmaxa vmina vcls vclz vrev16 vrev32 vrev64 vbrsr vshl vshr vsli vsri vpsel "
        "vdup vidup vddup viwdup vdwdup vmovlb vmovlt vshlc vcmp vpt vptt vpte vpttt vptte vptet vptee vptttt "
        "vmaxnm vminnm vmaxnma vminnma",
        2,
        3,
        f"{LLVM}: latency 1 for most, 2 in {SLOTHY} for vsli, vmovlb: 2 charged; two beats",
    ),
    _row("vector_move", "mve", "vmov", 2, 3, f"{LLVM}: M55Write2FloatE2, M55Write2FloatE3; two beats"),
    _row(
        "vector_multiply",
        "mve",
        "vmul vmulh vrmulh vmullb vmullt vqdmulh vqrdmulh vqdmullb vqdmullt vmla vmlas vqdmlah vqrdmlah "
        "vqdmlash vqrdmlash vqdmladh vqdmladhx vqrdmladh vqrdmladhx vqdmlsdh vqdmlsdhx vqrdmlsdh vqrdmlsdhx "
        "vcmul vcmla vfma vfms vfmas vcvt vcvta vcvtn vcvtp vcvtm vrinta vrintn vrintp vrintm vrintx vrintz "
        "vrshl vqshl vqrshl vrshr vqshlu vshllb vshllt vadc vsbc vadci vsbci",
        2,
        3,
        f"{LLVM}: M55Write2FloatE3 or M55Write2IntE3, latency 2; two beats",
    ),
    _row(
        "vector_narrow",
        "mve",
        "vmovnb vmovnt vqmovnb vqmovnt vqmovunb vqmovunt vshrnb vshrnt vrshrnb vrshrnt vqshrnb vqshrnt "
        "vqrshrnb vqrshrnt vqshrunb vqshrunt vqrshrunb vqrshrunt vcvtb vcvtt",
        2,
        4,
        f"{LLVM}: M55Write2IntE4NoFwd, latency 3; two beats",
    ),
    _row(
        "vector_reduce",
        "mve",
        "vaddv vaddva vaddlv vaddlva vmlav vmlava vmladav vmladava vmlsdav vmlsdava vmladavx vmladavax "
        "vmlsdavx vmlsdavax vmlaldav vmlaldava vmlalv vmlalva vmlsldav vmlsldava vrmlaldavh vrmlaldavha "
        "vrmlalvh vrmlalvha vabav",
        2,
        4,
        f"{SLOTHY}: vmlaldava latency 3; {LLVM}: 2 and 3; two beats",
    ),
    _row(
        "vector_extreme",
        "mve",
        "vmaxv vminv vmaxav vminav vmaxnmv vminnmv vmaxnmav vminnmav",
        2,
        5,
        f"{LLVM}: M55Write2IntE3Plus2, latency 4; two beats",
    ),
    _row("vector_status", "mve", "vmrs vmsr", 2, 3, f"{LLVM}: latency 1; rounded up"),
)

# Double precision: latency and issue of the operation as a whole.
DOUBLE_PRECISION = {
    "fp_arithmetic": (36, f"{LLVM}: latencies 15 (add) to 36 (multiply-accumulate); the largest, not pipelined"),
    "fp_chained": (36, f"{LLVM}: M55WriteFloatE3Plus34, latency 36; not pipelined"),
    "fp_divide": (30, f"{LLVM}: M55WriteFloatE3Plus28, latency 30; not pipelined"),
}
