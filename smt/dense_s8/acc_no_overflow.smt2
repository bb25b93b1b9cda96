{%- from "_macros.smt2" import int8, int32 with context -%}
; states: In every row of every layer, no accumulator and no partial sum leaves int32, in any order of summation
; states: and with the bias added first, last or in between, for all int8 inputs.
; A partial sum takes some of the terms: leaving a term out is the same as x = 0, which int8 contains, and the
; bias is in (take_bias = 1) or not yet in (take_bias = 0).
; expect: unsat
(set-logic QF_LIA)
(declare-const take_bias Int)
(assert (and (<= 0 take_bias) (<= take_bias 1)))
{%- for i in range(widest) %}
(declare-const x{{ i }} Int)
{%- endfor %}
{%- for layer in layers %}{% for row in layer.weight %}
(push 1)
{%- for i in range(row | length) %}
(assert {{ int8("x" ~ i) }})
{%- endfor %}
(assert (not {{ int32("(+ (* " ~ layer.bias[loop.index0] | n ~ " take_bias) 0" ~ row | terms("x") ~ ")") }}))
; check: layer {{ layer.index }} row {{ loop.index0 }}
(check-sat)
(pop 1)
{%- endfor %}{% endfor %}
