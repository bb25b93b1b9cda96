{%- from "_macros.smt2" import int8, int32, dot, high, scaled with context -%}
; states: For every accumulator that this policy can produce, each intermediate of requantize fits int32: the
; states: high product, the same with the rounding constant of the shift, and the result with the zero point.
; Two checks per channel: the accumulator of its row stays in [low, high] for all int8 inputs, and from any accumulator
; in [low, high] every intermediate fits. Split so that no query holds a wide row beside a division.
; expect: unsat
(set-logic QF_LIA)
(declare-const acc Int)
(declare-const h Int)
(declare-const r Int)
(declare-const t Int)
{%- for i in range(widest) %}
(declare-const x{{ i }} Int)
{%- endfor %}
{%- for c in channels %}
(push 1)
{%- for i in range(c.weight | length) %}
(assert {{ int8("x" ~ i) }})
{%- endfor %}
(assert (not (and (<= {{ c.low | n }} {{ dot(c.bias, c.weight, "x") }}) (<= {{ dot(c.bias, c.weight, "x") }} {{ c.high | n }}))))
; check: {{ c.name }}, accumulator
(check-sat)
(pop 1)
(push 1)
(assert (and (<= {{ c.low | n }} acc) (<= acc {{ c.high | n }})))
(assert {{ high("h", "acc", c.multiplier) }})
(assert {{ scaled(mode, "r", "acc", c.multiplier, c.shift, "h", "t") }})
(assert (not (and {{ int32("h") }} {{ int32("(+ h " ~ (2 ** c.shift) // 2 ~ ")") }}
                  {{ int32("r") }} {{ int32("(+ r " ~ c.zero_point | n ~ ")") }})))
; check: {{ c.name }}, rounding
(check-sat)
(pop 1)
{%- endfor %}
