; states: Every byte of every table lies inside its region of the specified flash map, and every region inside the 64 KB map
; states: (the stricter of the specified 64 KB map and 128 KB budget).
; expect: unsat
(set-logic QF_LIA)
(declare-const address Int)
{%- for o in objects %}
(push 1)
(assert (and (<= {{ o.offset }} address) (< address {{ o.offset + o.size }})))
(assert (not (and (<= {{ o.region_offset }} address) (< address {{ o.region_offset + o.region_size }}) (< address {{ flash }}))))
; check: {{ o.name }}
(check-sat)
(pop 1)
{%- endfor %}
