{%- from "_macros.smt2" import floor_div, int16 with context -%}
; states: In every layer that is computed in int16 lanes, the upper half of each multiplier is an int16 and scales every
; states: int16 accumulator to the same number, again an int16, in 16 bits as the whole multiplier does in 32.
; h is the high half of the doubled product, rounded (double_ties_up, double_ties_away), from 32 bits and from 16; r the
; whole quotient (single_ties_up). What is done to h afterwards is the same in both.
; expect: unsat
(set-logic QF_LIA)
(declare-const acc Int)
(declare-const wide Int)
(declare-const narrow Int)
(assert {{ int16("acc") }})
{%- for c in channels %}
{%- set more = c.shift if mode == "single_ties_up" else 0 %}
(push 1)
(assert {{ floor_div("wide", "(+ (* " ~ c.multiplier ~ " acc) " ~ 2 ** (30 + more) ~ ")", 31 + more) }})
(assert {{ floor_div("narrow", "(+ (* " ~ c.multiplier // 65536 ~ " acc) " ~ 2 ** (14 + more) ~ ")", 15 + more) }})
(assert (not (and (= wide narrow) {{ int16("narrow") }} {{ int16(c.multiplier // 65536) }})))
; check: {{ c.name }}
(check-sat)
(pop 1)
{%- endfor %}
