{%- from "_macros.smt2" import int8, int32, dot with context -%}
; states: The difference of any two accumulators of the last layer fits int32, for all int8 inputs.
; expect: unsat
(set-logic QF_LIA)
{%- for i in range(weight[0] | length) %}
(declare-const x{{ i }} Int)
(assert {{ int8("x" ~ i) }})
{%- endfor %}
{%- for i in range(weight | length) %}{% for j in range(weight | length) if i != j %}
(push 1)
(assert (not {{ int32("(- " ~ dot(bias[i], weight[i], "x") ~ " " ~ dot(bias[j], weight[j], "x") ~ ")") }}))
; check: actions {{ i }} and {{ j }}
(check-sat)
(pop 1)
{%- endfor %}{% endfor %}
