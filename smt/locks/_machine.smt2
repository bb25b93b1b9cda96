{#- The state machine of kernels_c/hal/tv_lock_{take,give}.c: owner of each resource, what each task waits for, base and
    inherited priorities, bytes all. Tasks and resources are numbered from 1; 0 is none. `call` tells the definitions of
    one call from those of the next. -#}
{%- macro b(number) -%}
(_ bv{{ number }} 8)
{%- endmacro -%}
{%- macro state() -%}
{% for r in resources %}
(declare-const owner{{ r }} (_ BitVec 8))
(assert (bvule owner{{ r }} {{ b(tasks | length) }}))
{%- endfor %}
{%- for t in tasks %}
(declare-const wants{{ t }} (_ BitVec 8))
(declare-const base{{ t }} (_ BitVec 8))
(declare-const priority{{ t }} (_ BitVec 8))
(assert (bvule wants{{ t }} {{ b(resources | length) }}))
{%- endfor %}
{%- endmacro -%}
{#- A task holds nothing at or above what it waits for. -#}
{%- macro ordered(s) -%}
(and{% for r in resources %}{% for t in tasks %}
  (=> (and (= owner{{ r }}{{ s }} {{ b(t) }}) (not (= wants{{ t }}{{ s }} {{ b(0) }}))) (bvult {{ b(r) }} wants{{ t }}{{ s }})){% endfor %}{% endfor %})
{%- endmacro -%}
{#- Whoever holds what a task waits for has at least its priority, and nobody has less than its own. -#}
{%- macro inherited(s) -%}
(and{% for t in tasks %}
  (bvuge priority{{ t }}{{ s }} base{{ t }}){% for u in tasks %}{% for r in resources %}
  (=> (and (= wants{{ t }}{{ s }} {{ b(r) }}) (= owner{{ r }}{{ s }} {{ b(u) }})) (bvuge priority{{ u }}{{ s }} priority{{ t }}{{ s }})){% endfor %}{% endfor %}{% endfor %})
{%- endmacro -%}
{#- The entry of an array at a variable index, 0 for index 0. -#}
{%- macro at(name, s, indices, index) -%}
{% for i in indices %}(ite (= {{ index }} {{ b(i) }}) {{ name }}{{ i }}{{ s }} {% endfor %}{{ b(0) }}{% for i in indices %}){% endfor %}
{%- endmacro -%}
{%- macro let(name, value) -%}
(define-fun {{ name }} () (_ BitVec 8) {{ value }})
{% endmacro -%}
{#- The greater of two, the first on a tie. -#}
{%- macro greater(x, y) -%}
(ite (bvult {{ x }} {{ y }}) {{ y }} {{ x }})
{%- endmacro -%}
{#- The state after `task` takes `resource`, as names that end in `c`. -#}
{%- macro take(task, resource, c) -%}
(define-fun refused{{ c }} () Bool (or{% for r in resources if r >= resource %} (= owner{{ r }} {{ b(task) }}){% endfor %} false))
(define-fun done{{ c }} () Bool (and (not refused{{ c }}) (= owner{{ resource }} {{ b(0) }})))
(define-fun waits{{ c }} () Bool (and (not refused{{ c }}) (not (= owner{{ resource }} {{ b(0) }}))))
{% for r in resources %}{{ let("owner%d%s" % (r, c), "(ite done%s %s owner%d)" % (c, b(task), r) if r == resource else "owner%d" % r) }}{% endfor %}
{%- for t in tasks %}{{ let("wants%d%s" % (t, c), "(ite done%s %s (ite waits%s %s wants%d))" % (c, b(0), c, b(resource), t) if t == task else "wants%d" % t) }}{% endfor %}
{#- Taken: the task inherits from those that still wait for it. -#}
{{- let("raised0" ~ c, "priority%d" % task) }}
{%- for t in tasks %}{{ let("raised%d%s" % (t, c), greater("raised%d%s" % (t - 1, c), "(ite (= wants%d%s %s) priority%d %s)" % (t, c, b(resource), t, b(0)))) }}{% endfor %}
{#- Waiting: the holders up the chain inherit from the task. -#}
{%- for t in tasks %}{{ let("chain%d_0%s" % (t, c), "priority%d" % t) }}{% endfor %}
{{- let("lent0" ~ c, "priority%d" % task) }}{{ let("above0" ~ c, b(resource)) }}
{%- for n in range(1, tasks | length) %}
{{- let("holder%d%s" % (n, c), at("owner", c, resources, "above%d%s" % (n - 1, c))) }}
{%- for t in tasks %}{{ let("chain%d_%d%s" % (t, n, c), "(ite (= holder%d%s %s) %s chain%d_%d%s)" % (n, c, b(t), greater("chain%d_%d%s" % (t, n - 1, c), "lent%d%s" % (n - 1, c)), t, n - 1, c)) }}{% endfor %}
{{- let("lent%d%s" % (n, c), at("chain", "_%d%s" % (n, c), tasks, "holder%d%s" % (n, c))) }}
{{- let("above%d%s" % (n, c), at("wants", c, tasks, "holder%d%s" % (n, c))) }}
{%- endfor %}
{%- for t in tasks %}
{%- set taken = "(ite done%s raised%d%s priority%d)" % (c, tasks | length, c, t) if t == task else "priority%d" % t %}
{{- let("priority%d%s" % (t, c), "(ite waits%s chain%d_%d%s %s)" % (c, t, tasks | length - 1, c, taken)) }}
{%- endfor %}
{%- endmacro -%}
{#- The state after `task` gives `resource` back, as names that end in `c`. -#}
{%- macro give(task, resource, c) -%}
(define-fun done{{ c }} () Bool (= owner{{ resource }} {{ b(task) }}))
{% for r in resources %}{{ let("owner%d%s" % (r, c), "(ite done%s %s owner%d)" % (c, b(0), r) if r == resource else "owner%d" % r) }}{% endfor %}
{%- for t in tasks %}{{ let("wants%d%s" % (t, c), "wants%d" % t) }}{% endfor %}
{{- let("fallen0" ~ c, "base%d" % task) }}
{%- for t in tasks %}
{{- let("lender%d%s" % (t, c), at("owner", c, resources, "wants%d" % t)) }}
{{- let("fallen%d%s" % (t, c), greater("fallen%d%s" % (t - 1, c), "(ite (= lender%d%s %s) priority%d %s)" % (t, c, b(task), t, b(0)))) }}
{%- endfor %}
{%- for t in tasks %}{{ let("priority%d%s" % (t, c), "(ite done%s fallen%d%s priority%d)" % (c, tasks | length, c, t) if t == task else "priority%d" % t) }}{% endfor %}
{%- endmacro -%}
