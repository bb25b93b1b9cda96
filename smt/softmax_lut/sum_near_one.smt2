; states: The Q0.15 probabilities are integers above -1 and below 2^16, and their sum differs from 2^15 by less than half of (actions + 1),
; states: for all table weights in [0, 127] of which one is 127.
; Stated over the reals, of which the integers are a part; one check for each value S of the sum of weights, so that
; every query is linear.
; expect: unsat
(set-logic QF_LRA)
{%- for i in range(actions) %}
(declare-const e{{ i }} Real)
(declare-const p{{ i }} Real)
(assert (and (<= 0.0 e{{ i }}) (<= e{{ i }} 127.0)))
{%- endfor %}
(assert (or{% for i in range(actions) %} (= e{{ i }} 127.0){% endfor %}))
{%- set sum_p %}(+{% for i in range(actions) %} p{{ i }}{% endfor %}){% endset %}
{%- for S in range(127, 127 * actions + 1) %}
(push 1)
(assert (= {{ S }}.0 (+{% for i in range(actions) %} e{{ i }}{% endfor %})))
{%- for i in range(actions) %}
(assert (and (<= (* {{ S }}.0 p{{ i }}) (+ (* 32768.0 e{{ i }}) {{ S // 2 }}.0)) (< (+ (* 32768.0 e{{ i }}) {{ S // 2 }}.0) (* {{ S }}.0 (+ p{{ i }} 1.0)))))
{%- endfor %}
(assert (not (and (< {{ 2 * 32768 - actions - 1 }}.0 (* 2.0 {{ sum_p }})) (< (* 2.0 {{ sum_p }}) {{ 2 * 32768 + actions + 1 }}.0){% for i in range(actions) %} (< (- 1.0) p{{ i }}) (< p{{ i }} 65536.0){% endfor %})))
; check: S = {{ S }}
(check-sat)
(pop 1)
{%- endfor %}
