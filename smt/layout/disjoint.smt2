; states: No two tables share a byte of flash, and no two regions do.
; One check per table: the address is in it and in some other.
; expect: unsat
(set-logic QF_LIA)
(declare-const address Int)
{%- for group in (objects, regions) %}{% for o in group %}
(push 1)
(assert (and (<= {{ o.offset }} address) (< address {{ o.offset + o.size }})))
(assert (or false{% for p in group if p.name != o.name %} (and (<= {{ p.offset }} address) (< address {{ p.offset + p.size }})){% endfor %}))
; check: {{ o.name }}
(check-sat)
(pop 1)
{%- endfor %}{% endfor %}
