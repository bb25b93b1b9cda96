{%- from "_macros.smt2" import int32, scaled with context -%}
; states: The clamp of requantize acts only where the exact quotient plus the zero point lies at least half a unit
; states: (double rounding: half a unit less 2^-(s+1)) beyond the range [lo, hi], for every int32 accumulator.
; expect: unsat
(set-logic QF_LIA)
(declare-const acc Int)
(declare-const h Int)
(declare-const r Int)
(declare-const t Int)
(assert {{ int32("acc") }})
{%- for c in channels %}
{%- set s = c.shift %}
{%- set exact = "(* " ~ 2 * c.multiplier ~ " acc)" %}
{%- set unit = 2 ** (32 + s) %}
{%- set reach = unit // 2 - (2 ** 31 if s and mode != "single_ties_up" else 0) %}
(push 1)
(assert {{ scaled(mode, "r", "acc", c.multiplier, s, "h", "t") }})
(assert (or (and (> r {{ (c.hi - c.zero_point) | n }}) (< {{ exact }} {{ ((c.hi - c.zero_point) * unit + reach) | n }}))
            (and (< r {{ (c.lo - c.zero_point) | n }}) (> {{ exact }} {{ ((c.lo - c.zero_point) * unit - reach) | n }}))))
; check: {{ c.name }}
(check-sat)
(pop 1)
{%- endfor %}
