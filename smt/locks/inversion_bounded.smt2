{%- import "locks/_machine.smt2" as machine with context -%}
; states: Priority inversion is bounded in the HAL's resources: after every call of tv_lock_take and tv_lock_give in any
; states: order, whoever holds a resource that a task waits for runs with at least that task's priority, up the whole
; states: chain of waiting tasks, so that no task of a priority between them delays it; and no task falls below its own.
; expect: unsat
(set-logic QF_BV)
{{ machine.state() }}
(push 1)
(assert (and true{% for r in resources %} (= owner{{ r }} {{ machine.b(0) }}){% endfor %}{% for t in tasks %} (= wants{{ t }} {{ machine.b(0) }}) (= priority{{ t }} base{{ t }}){% endfor %}))
(assert (not {{ machine.inherited("") }}))
; check: first state
(check-sat)
(pop 1)
{%- for call in ("take", "give") %}{% for t in tasks %}{% for r in resources %}
(push 1)
(assert {{ machine.ordered("") }})
(assert {{ machine.inherited("") }})
{% set c = "_%s%d%d" % (call, t, r) %}
{{ machine[call](t, r, c) }}
(assert (not {{ machine.inherited(c) }}))
; check: task {{ t }} {{ call }}s {{ r }}
(check-sat)
(pop 1)
{%- endfor %}{% endfor %}{% endfor %}
