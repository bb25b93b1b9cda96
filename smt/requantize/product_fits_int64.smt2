{%- from "_macros.smt2" import int32 with context -%}
; states: For every int32 accumulator and every multiplier and shift of this policy, the product and the product
; states: with its rounding constant fit int64.
; expect: unsat
(set-logic QF_LIA)
(declare-const acc Int)
(assert {{ int32("acc") }})
{%- for c in channels %}
(push 1)
(assert (not (and (<= (- {{ 2 ** 63 }}) (* {{ c.multiplier }} acc))
                  (<= (+ (* {{ c.multiplier }} acc) {{ 2 ** (30 + c.shift) if mode == "single_ties_up" else 2 ** 30 }}) {{ 2 ** 63 - 1 }}))))
; check: {{ c.name }}
(check-sat)
(pop 1)
{%- endfor %}
