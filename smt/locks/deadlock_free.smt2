{%- import "locks/_machine.smt2" as machine with context -%}
; states: The HAL's resources cannot deadlock: in the first state, and after every call of tv_lock_take and tv_lock_give
; states: in any order, a task holds nothing at or above the resource that it waits for, and so no tasks wait for one
; states: another in a circle.
; expect: unsat
(set-logic QF_BV)
{{ machine.state() }}
(push 1)
(assert (and true{% for r in resources %} (= owner{{ r }} {{ machine.b(0) }}){% endfor %}{% for t in tasks %} (= wants{{ t }} {{ machine.b(0) }}){% endfor %}))
(assert (not {{ machine.ordered("") }}))
; check: first state
(check-sat)
(pop 1)
{%- for call in ("take", "give") %}{% for t in tasks %}{% for r in resources %}
(push 1)
(assert {{ machine.ordered("") }})
{% set c = "_%s%d%d" % (call, t, r) %}
{{ machine[call](t, r, c) }}
(assert (not {{ machine.ordered(c) }}))
; check: task {{ t }} {{ call }}s {{ r }}
(check-sat)
(pop 1)
{%- endfor %}{% endfor %}{% endfor %}
{%- for circle in circles %}
(push 1)
(assert {{ machine.ordered("") }})
(assert (and true{% for t in circle %}{% set u = circle[loop.index % (circle | length)] %} (or{% for r in resources %} (and (= wants{{ t }} {{ machine.b(r) }}) (= owner{{ r }} {{ machine.b(u) }})){% endfor %}){% endfor %}))
; check: circle {{ circle | join(", ") }}
(check-sat)
(pop 1)
{%- endfor %}
