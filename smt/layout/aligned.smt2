; states: Every table starts at a multiple of its alignment (16 bytes for what MVE loads, 4 for scalars).
; expect: unsat
(set-logic QF_LIA)
(declare-const quotient Int)
{%- for o in objects %}
(push 1)
(declare-const rest{{ loop.index0 }} Int)
(assert (= {{ o.offset }} (+ (* {{ o.align }} quotient) rest{{ loop.index0 }})))
(assert (and (<= 0 rest{{ loop.index0 }}) (< rest{{ loop.index0 }} {{ o.align }})))
(assert (not (= rest{{ loop.index0 }} 0)))
; check: {{ o.name }}
(check-sat)
(pop 1)
{%- endfor %}
