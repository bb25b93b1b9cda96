{%- from "_macros.smt2" import int32, scaled with context -%}
; states: requantize is monotone: a larger accumulator never gives a smaller code, for all pairs of int32 accumulators.
; The clamp and the zero point are monotone, so the statement is made before them.
; expect: unsat
(set-logic QF_LIA)
(declare-const acc Int)
(declare-const larger Int)
(declare-const h Int)
(declare-const r Int)
(declare-const t Int)
(declare-const h2 Int)
(declare-const r2 Int)
(declare-const t2 Int)
(assert {{ int32("acc") }})
(assert {{ int32("larger") }})
(assert (<= acc larger))
(assert (> r r2))
{%- for c in channels %}
(push 1)
(assert {{ scaled(mode, "r", "acc", c.multiplier, c.shift, "h", "t") }})
(assert {{ scaled(mode, "r2", "larger", c.multiplier, c.shift, "h2", "t2") }})
; check: {{ c.name }}
(check-sat)
(pop 1)
{%- endfor %}
