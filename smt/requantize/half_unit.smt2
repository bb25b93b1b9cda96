{%- from "_macros.smt2" import int32, scaled with context -%}
; states: Before the clamp, requantize errs by at most half a unit against the exact quotient
; states: e = acc * multiplier / 2^(31 + shift), for every int32 accumulator. With the rounded result r and s the shift:
; states: single_ties_up: -1/2 < r - e <= 1/2. double_ties_up: -1/2 + d < r - e <= 1/2 + d. double_ties_away: |r - e| <= 1/2 + d.
; states: There d = 2^-(s+1), the price of double rounding; for s = 0 there is one rounding and all three are the first.
; Multiplied by 2^(32 + s), so that everything is an integer.
; expect: unsat
(set-logic QF_LIA)
(declare-const acc Int)
(declare-const h Int)
(declare-const r Int)
(declare-const t Int)
(assert {{ int32("acc") }})
{%- for c in channels %}
{%- set s = c.shift %}
{%- set error = "(- (* " ~ 2 ** (32 + s) ~ " r) (* " ~ 2 * c.multiplier ~ " acc))" %}
{%- set half = 2 ** (31 + s) %}
{%- set extra = 2 ** 31 if s and mode != "single_ties_up" else 0 %}
(push 1)
(assert {{ scaled(mode, "r", "acc", c.multiplier, s, "h", "t") }})
{%- if mode == "double_ties_away" %}
(assert (not (and (<= {{ (-half - extra) | n }} {{ error }}) (<= {{ error }} {{ half + extra }}))))
{%- else %}
(assert (not (and (< {{ (-half + extra) | n }} {{ error }}) (<= {{ error }} {{ half + extra }}))))
{%- endif %}
; check: {{ c.name }}
(check-sat)
(pop 1)
{%- endfor %}
