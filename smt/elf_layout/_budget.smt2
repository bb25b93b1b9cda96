; states: The bytes of each part of the linked firmware add up to no more than its budget.
; expect: unsat
(set-logic QF_LIA)
{%- for part in parts %}
(push 1)
(assert (> (+ 0{% for size in part.sizes %} {{ size }}{% endfor %}) {{ part.most }}))
; check: {{ part.name }}
(check-sat)
(pop 1)
{%- endfor %}
