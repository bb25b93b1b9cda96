; states: Stack and heap lie inside the specified 32 KB of RAM and share no byte.
; expect: unsat
(set-logic QF_LIA)
(declare-const address Int)
{%- for o in parts %}
(push 1)
(assert (and (<= {{ o.offset }} address) (< address {{ o.offset + o.size }})))
(assert (not (and (<= {{ ram }} address) (< address {{ ram + 32768 }}){% for p in parts if p.name != o.name %}
  (not (and (<= {{ p.offset }} address) (< address {{ p.offset + p.size }}))){% endfor %})))
; check: {{ o.name }}
(check-sat)
(pop 1)
{%- endfor %}
