{%- from "_macros.smt2" import int8 with context -%}
; states: Every table holds what the kernels read from it: for each element index of a layer's weights, and of each
; states: per-channel table padded to four, the last byte of the element lies inside the table.
; expect: unsat
(set-logic QF_LIA)
(declare-const j Int)
(declare-const i Int)
{%- for o in accesses %}
(push 1)
(assert (and (<= 0 j) (< j {{ o.rows }}) (<= 0 i) (< i {{ o.columns }})))
(assert (not (and (<= 0 (+ (* {{ o.row_stride }} j) (* {{ o.column_stride }} i)))
                  (<= (+ (* {{ o.row_stride }} j) (* {{ o.column_stride }} i) {{ o.width }}) {{ o.size }}))))
; check: {{ o.name }}
(check-sat)
(pop 1)
{%- endfor %}
