; states: The Q0.15 probabilities fit uint16 and their sum differs from 2^15 by at most half the number of actions,
; states: rounded up, for all table weights of which one is 127.
; One check for each value S of the sum, so that every query is linear.
; expect: unsat
(set-logic QF_LIA)
{%- for i in range(actions) %}
(declare-const e{{ i }} Int)
(declare-const p{{ i }} Int)
(assert (and (<= 0 e{{ i }}) (<= e{{ i }} 127)))
{%- endfor %}
(assert (or{% for i in range(actions) %} (= e{{ i }} 127){% endfor %}))
{%- set sum_p %}(+{% for i in range(actions) %} p{{ i }}{% endfor %}){% endset %}
{%- for S in range(127, 127 * actions + 1) %}
(push 1)
(assert (= {{ S }} (+{% for i in range(actions) %} e{{ i }}{% endfor %})))
{%- for i in range(actions) %}
(assert (and (<= (* {{ S }} p{{ i }}) (+ (* 32768 e{{ i }}) {{ S // 2 }})) (< (+ (* 32768 e{{ i }}) {{ S // 2 }}) (* {{ S }} (+ p{{ i }} 1)))))
{%- endfor %}
(assert (not (and (<= {{ 32768 - (actions + 1) // 2 }} {{ sum_p }}) (<= {{ sum_p }} {{ 32768 + (actions + 1) // 2 }}){% for i in range(actions) %} (<= 0 p{{ i }}) (<= p{{ i }} 65535){% endfor %})))
; check: S = {{ S }}
(check-sat)
(pop 1)
{%- endfor %}
