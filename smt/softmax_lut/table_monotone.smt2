; states: The exp table starts at 127, never increases and never is negative.
; expect: unsat
(set-logic QF_LIA)
{%- for e in table %}
(define-fun e{{ loop.index0 }} () Int {{ e | n }})
{%- endfor %}
(assert (not (and (= e0 127) (<= 0 e{{ table | length - 1 }})
{%- for e in table %}{% if not loop.last %} (<= e{{ loop.index }} e{{ loop.index0 }}){% endif %}{% endfor %})))
; check: all neighbouring entries
(check-sat)
