{%- from "_macros.smt2" import floor_div, int32 with context -%}
; states: Dividing by 2^s to nearest, ties away from zero, is adding -1 to a negative value and then rounding half up:
; states: for every int32 value and every shift s in [1, 31].
; expect: unsat
(set-logic QF_LIA)
(declare-const h Int)
(declare-const t Int)
(declare-const r Int)
(assert {{ int32("h") }})
{%- for s in range(1, 32) %}
(push 1)
(assert {{ floor_div("t", "h", s) }})
(assert {{ floor_div("r", "(+ h (ite (< h 0) (- 1) 0) " ~ 2 ** (s - 1) ~ ")", s) }})
(assert (not (= r (ite (> (- h (* {{ 2 ** s }} t)) (+ {{ (2 ** s - 1) // 2 }} (ite (< h 0) 1 0))) (+ t 1) t))))
; check: shift {{ s }}
(check-sat)
(pop 1)
{%- endfor %}
