{%- from "_macros.smt2" import int8, int16 with context -%}
; states: In every layer that is computed in int16 lanes, no accumulator and no partial sum leaves int16, in any order
; states: of summation and with the bias added first, last or in between, for all int8 inputs.
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
(assert (not {{ int16("(+ (* " ~ layer.bias[loop.index0] | n ~ " take_bias) 0" ~ row | terms("x") ~ ")") }}))
; check: layer {{ layer.index }} row {{ loop.index0 }}
(check-sat)
(pop 1)
{%- endfor %}{% endfor %}
